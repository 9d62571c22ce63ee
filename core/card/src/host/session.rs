//! Mutual authentication, and commands on the sealed channel that comes of it.

use super::{Asked, HostError, Terminal, ok, short};
use crate::{
    Transmit,
    apdu::Le,
    protocol::{CARD_ID, CHALLENGE, Channel, Handshake, KeyName, PROOF, check_value},
    status::Sw,
};
use core_crypto::CardTools;
use std::marker::PhantomData;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Whose key opened a session.
pub trait Role {
    /// The key.
    const KEY: KeyName;
}

/// A card and a party that have proven themselves to each other. Dropping it forgets the session key; the card forgets
/// its own when the application is selected again.
pub struct Rooted<'a, T, R> {
    terminal: Terminal<T>,
    tools: &'a dyn CardTools,
    channel: Channel,
    handshake: Handshake,
    role: PhantomData<R>,
}

impl<T: Transmit> Terminal<T> {
    /// Opens a session: both prove that they know the card's key of the role, derived from `of_all`.
    ///
    /// # Errors
    /// [`HostError::NotPrepared`] and [`HostError::OtherKey`] before anything is sent that costs a try: a file of keys
    /// that was mixed up must not spend the card. [`HostError::DeviceUnknown`] when the card refuses nevertheless;
    /// [`HostError::CardUnproven`] when it does not prove itself.
    pub fn prove<'a, R: Role>(
        mut self,
        of_all: &[u8; 32],
        tools: &'a dyn CardTools,
    ) -> Result<Rooted<'a, T, R>, HostError<T::Error>> {
        let card_id = self.card_id()?;
        let key = R::KEY.of_card(tools, of_all, &card_id);
        let Some(reference) = R::KEY.reference() else { return Err(HostError::Tools) };
        let report = self.report()?;
        let told = match R::KEY {
            KeyName::Issuer => report.issuer_check,
            _ => report.check_values.map(|[device, _]| device),
        };
        if told.ok_or(HostError::NotPrepared)? != check_value(tools, &key) {
            return Err(HostError::OtherKey);
        }
        let thrown = ok(self.ask([0x00, 0x84, 0x00, 0x00], &[], Some(short(CHALLENGE)))?, "GET CHALLENGE")?;
        let of_card = thrown.try_into().map_err(|_| HostError::Malformed("GET CHALLENGE"))?;
        let mut of_device = [0; CHALLENGE];
        tools.fill(&mut of_device);
        let handshake = Handshake { card_id, reference, of_card, of_device };

        let data = [&of_device[..], &handshake.proof_of_device(tools, &key)].concat();
        let answer = self.ask([0x00, 0x82, 0x00, reference], &data, Some(short(PROOF)))?;
        if let Some(left) = answer.sw.tries_left() {
            return Err(HostError::DeviceUnknown { left });
        }
        let proof = match answer.sw {
            Sw::BLOCKED => return Err(HostError::DeviceUnknown { left: 0 }),
            Sw::NO_REFERENCE => return Err(HostError::NotPrepared),
            _ => ok(answer, "EXTERNAL AUTHENTICATE")?,
        };
        if !bool::from(proof.ct_eq(&handshake.proof_of_card(tools, &key))) {
            return Err(HostError::CardUnproven);
        }
        let channel = handshake.channel(tools, &key);
        Ok(Rooted { terminal: self, tools, channel, handshake, role: PhantomData })
    }
}

impl<'a, T: Transmit, R: Role> Rooted<'a, T, R> {
    /// The card's number.
    pub fn card_id(&self) -> &[u8; CARD_ID] {
        &self.handshake.card_id
    }

    /// The circumstances, from which keys of this session derive.
    pub(crate) fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// The cryptography of this side.
    pub(crate) fn tools(&self) -> &'a dyn CardTools {
        self.tools
    }

    /// The card in the open, in the same session.
    pub fn terminal(&mut self) -> &mut Terminal<T> {
        &mut self.terminal
    }

    /// Ends the session: the application is selected anew, and the card has forgotten it.
    ///
    /// # Errors
    /// [`HostError`]; the session is over then too.
    pub fn end(mut self) -> Result<Terminal<T>, HostError<T::Error>> {
        self.terminal.select_application()?;
        Ok(self.terminal)
    }

    /// A sealed command without an answer but `9000`.
    pub(crate) fn done(
        &mut self,
        asked: Asked,
        head: [u8; 3],
        data: &[u8],
    ) -> Result<(), HostError<T::Error>> {
        self.ask(asked, head, data, false).map(drop)
    }

    /// A sealed command with INS, P1, P2, and the opened data of its answer.
    pub(crate) fn ask(
        &mut self,
        asked: Asked,
        [ins, p1, p2]: [u8; 3],
        data: &[u8],
        has_answer: bool,
    ) -> Result<Zeroizing<Vec<u8>>, HostError<T::Error>> {
        let head = [0x04, ins, p1, p2];
        let sealed = self.channel.seal_command(self.tools, head, data);
        let answer = self.terminal.ask(head, &sealed, has_answer.then_some(Le::Short))?;
        let sw = answer.sw;
        let sealed = ok(answer, asked)?;
        if sealed.is_empty() {
            return if has_answer { Err(HostError::Malformed(asked)) } else { Ok(Zeroizing::default()) };
        }
        self.channel.open_answer(self.tools, head, sw.0, &sealed).map_err(|_| HostError::Channel)
    }
}
