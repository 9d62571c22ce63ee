//! Which of several readers is meant.

use crate::ReaderError;

/// The place in `names` of the reader that is meant: the only one, the one of this name, the one with this number
/// (from 0, as other tools for cards count), or the only one whose name contains `wanted`.
///
/// # Errors
/// [`ReaderError::NoReader`], [`ReaderError::NoSuchReader`], [`ReaderError::Several`].
pub fn choose(names: &[String], wanted: Option<&str>) -> Result<usize, ReaderError> {
    if names.is_empty() {
        return Err(ReaderError::NoReader);
    }
    let wanted = wanted.unwrap_or("");
    if let Some(place) = names.iter().position(|name| name == wanted) {
        return Ok(place);
    }
    let is_number = !wanted.is_empty() && wanted.bytes().all(|b| b.is_ascii_digit());
    if is_number
        && let Ok(number) = wanted.parse::<usize>()
        && number < names.len()
    {
        return Ok(number);
    }
    let part = wanted.to_lowercase();
    let fits: Vec<usize> = (0..names.len()).filter(|&n| names[n].to_lowercase().contains(&part)).collect();
    match fits[..] {
        [place] => Ok(place),
        [] => Err(ReaderError::NoSuchReader { wanted: wanted.to_owned(), there: names.to_vec() }),
        // All of them: the numbers shown are those that choose.
        _ => Err(ReaderError::Several { there: names.to_vec() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j16_a_reader_is_chosen_by_name_number_or_a_part_that_only_one_has() {
        let names = ["Virtual PCD 00 00", "Virtual PCD 00 01", "Other 1"].map(str::to_owned);
        assert_eq!(choose(&names, Some("Virtual PCD 00 01")), Ok(1));
        for number in 0..3 {
            assert_eq!(choose(&names, Some(&number.to_string())), Ok(number));
        }
        assert_eq!(choose(&names, Some("other")), Ok(2));
        assert_eq!(choose(&names[..1], None), Ok(0));
        assert_eq!(choose(&[], None), Err(ReaderError::NoReader));
        assert_eq!(choose(&names, None), Err(ReaderError::Several { there: names.to_vec() }));
        assert_eq!(choose(&names, Some("virtual")), Err(ReaderError::Several { there: names.to_vec() }));
        for unknown in ["7", "none of them", "99999999999999999999999"] {
            let refused = Err(ReaderError::NoSuchReader { wanted: unknown.into(), there: names.to_vec() });
            assert_eq!(choose(&names, Some(unknown)), refused);
        }
        // A name that is a number wins over the number.
        assert_eq!(choose(&["1", "0"].map(str::to_owned), Some("1")), Ok(0));
    }
}
