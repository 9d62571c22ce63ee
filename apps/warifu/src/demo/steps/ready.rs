//! Getting ready: the directory, the configuration, and whether `openssl` is there.

use crate::{
    demo::{
        Demo,
        house::{self, House},
        openssl::Openssl,
        tell::{Teller, t},
    },
    fail::Outcome,
};

pub(super) fn run(demo: &Demo, tell: &mut Teller) -> Outcome<(House, Option<Openssl>)> {
    let house = House::prepare(demo.data.as_deref(), demo.port)?;
    house::make_dir(&house.at("requests"))?;
    let openssl = Openssl::find(&house.at("requests"))?;
    tell.begin(t("支度", "Getting ready"), house.clock.now());
    tell.say(&t(
        format!(
            "{} に、どこにでもある設置を一つ作ります。時計は 3 年 2 か月前から始まり、最後に今に追いつきます。",
            house.root().display()
        ),
        "An installation like any other. Its clock begins three years and two months ago and ends at the present.",
    ));
    match &openssl {
        Some(openssl) => tell.say(&t(
            format!("要求の三分の一は {} が作ります。", openssl.version),
            format!("A third of the requests will be made by {}.", openssl.version),
        )),
        None => tell.say(&t(
            "openssl コマンドがないため、要求はすべて自前のコードで作ります。",
            "There is no openssl command here: our own code makes all requests.",
        )),
    }
    tell.look(house.at("warifu.toml").display());
    tell.look(house.at("ceremony.toml").display());
    Ok((house, openssl))
}
