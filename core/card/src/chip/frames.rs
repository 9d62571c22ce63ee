//! Commands that come in parts and answers that go in parts (CARD.md, section 1).

use super::{Answer, Halt, Inner, table};
use crate::{
    apdu::{CHAINING, Command, Le, Response},
    memory::PowerLost,
    status::Sw,
};
use zeroize::Zeroizing;

/// The most data of one command, its parts together: a wrapped RSA key needs 1,300 octets, a certificate 2,048.
const MAX_COMMAND: usize = 4096;

/// What is between two APDUs.
#[derive(Default)]
pub(super) struct Frames {
    /// The parts that came of a chained command, and the head of all of them.
    chain: Option<Chain>,
    /// What is left of an answer.
    rest: Option<Answer>,
}

struct Chain {
    head: [u8; 4],
    data: Zeroizing<Vec<u8>>,
}

/// What a frame is.
enum Frame {
    /// A part that is not the last.
    Part,
    /// GET RESPONSE.
    Fetch,
    /// A command, its parts together.
    Whole(Command),
}

impl Frames {
    /// Takes one command APDU in; the answer is a response APDU.
    pub(super) fn answer(&mut self, chip: &mut Inner, octets: &[u8]) -> Result<Vec<u8>, PowerLost> {
        let (rest, chain) = (self.rest.take(), self.chain.take());
        let frame = Command::parse(octets).map_err(|_| Sw::LENGTH).and_then(|command| {
            let le = command.le;
            self.frame(chain, command).map(|frame| (frame, le))
        });
        // A challenge counts for the next command alone, be that what it may; a part is not yet one.
        let challenge = if matches!(frame, Ok((Frame::Part, _))) { None } else { chip.ram.challenge.take() };
        let answer = match frame {
            Err(sw) => Err(Halt::Sw(sw)),
            Ok((Frame::Part, _)) => Ok((Answer::DONE, None)),
            Ok((Frame::Fetch, le)) => rest.map(|rest| (rest, le)).ok_or(Halt::Sw(Sw::CONDITIONS)),
            Ok((Frame::Whole(command), le)) => {
                table::run(chip, command, challenge).map(|answer| (answer, le))
            }
        };
        match answer {
            Ok((answer, le)) => Ok(self.send(answer, le)),
            Err(Halt::Sw(sw)) => Ok(Response { data: Vec::new(), sw }.to_bytes()),
            Err(Halt::PowerLost) => Err(PowerLost),
        }
    }

    fn frame(&mut self, chain: Option<Chain>, command: Command) -> Result<Frame, Sw> {
        if chain.as_ref().is_some_and(|chain| chain.head != command.head()) {
            return Err(Sw::CHAIN);
        }
        table::known(&command)?;
        let part = command.cla & CHAINING != 0;
        if table::is_get_response(&command) {
            return match (command.p1, command.p2) {
                (0, 0) if command.data.is_empty() && !part => Ok(Frame::Fetch),
                (0, 0) => Err(Sw::LENGTH),
                _ => Err(Sw::PARAMETERS),
            };
        }
        let head = command.head();
        let before = chain.as_ref().map_or(0, |chain| chain.data.len());
        if before + command.data.len() > MAX_COMMAND {
            return Err(Sw::LENGTH);
        }
        let data = chain.map_or_else(Zeroizing::default, |chain| chain.data);
        let data = if data.is_empty() { command.data } else { joined(data, &command.data) };
        if part {
            self.chain = Some(Chain { head, data });
            return Ok(Frame::Part);
        }
        let [cla, ins, p1, p2] = head;
        Ok(Frame::Whole(Command { cla, ins, p1, p2, data, le: command.le }))
    }

    /// As much of the answer as Le allows; the rest waits for GET RESPONSE.
    fn send(&mut self, mut answer: Answer, le: Option<Le>) -> Vec<u8> {
        let most = le.map_or(0, Le::most);
        if answer.data.len() <= most {
            return Response { data: answer.data, sw: answer.sw }.to_bytes();
        }
        let rest = answer.data.split_off(most);
        let response = Response { data: answer.data, sw: Sw::more(rest.len()) }.to_bytes();
        self.rest = Some(Answer { data: rest, sw: answer.sw });
        response
    }
}

/// Both, one after the other, in room of their own: a vector that grows would leave copies of keys and PINs behind.
fn joined(before: Zeroizing<Vec<u8>>, after: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut both = Zeroizing::new(Vec::with_capacity(before.len() + after.len()));
    both.extend_from_slice(&before);
    both.extend_from_slice(after);
    both
}
