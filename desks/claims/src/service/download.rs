//! The download of a certificate, with its key where the service made it (C5).

use super::guard;
use crate::{
    Claims,
    case::Case,
    command::{Command, Erasure},
    no,
    status::{Deed, Hat},
    words::{HolderId, KeyState},
};
use authority_front::{CertificateView, CustodyId, PackOrder};
use core_words::{CaseNumber, Refusal};
use kit_desk::{Doer, Halt, Stored};
use kit_gate::Scope;
use zeroize::Zeroizing;

/// What an applicant downloads.
pub struct Download {
    /// What the file is called.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// It. Wiped after use: it may hold a private key.
    pub octets: Zeroizing<Vec<u8>>,
}

impl Claims {
    /// The file for the applicant (C5): a PKCS#12 file that opens with the password typed now, or the certificate
    /// with its chain when the key is the applicant's own. That it was downloaded is on record before it leaves.
    ///
    /// # Errors
    /// `gate.wrong_secret`, `claims.key_erased`, `claims.…`; `claims.not_theirs` when the certificate does not name the
    /// holder; those of the authority, `claims.authority_silent` when it does not answer.
    pub async fn download(
        &self,
        scope: Scope,
        number: CaseNumber,
        holder: HolderId,
        typed: Zeroizing<String>,
        doer: Doer<Hat>,
    ) -> Result<Download, Refusal> {
        let knew = self.knows(holder, typed.clone()).await?;
        let file = self.own_case(scope.clone(), holder, number, doer.capacity).await?;
        let (Some(holding), true) = (file.case.case.holding(), file.possible.contains(&Deed::Download))
        else {
            let last = file.events.last().cloned().map(Box::new);
            // An applicant is told in what capacity somebody was first, and nothing that names them.
            return Err(no::told_of(Halt::NotNow { status: None, last }, |_| None));
        };
        let name = format!("{}-{}", file.holder.number, number);
        if let KeyState::Erased { at } = &holding.key {
            return Err(no::No::KeyErased { at: *at }.into());
        }
        let view = self.certificate(&file.case).await?.ok_or_else(no::no_case)?;
        guard::certificate(&view.der, &file.holder.number)?;
        let download = match &holding.key {
            KeyState::Kept { custody, .. } => {
                let order = PackOrder {
                    custody: CustodyId(*custody),
                    cert: holding.certificate.cert.clone(),
                    password: typed,
                    friendly_name: name.clone(),
                    actor: doer.actor.clone(),
                    operator: file.case.operator.clone(),
                };
                let octets = self.soon(self.front().pack(order)).await?;
                Download { name: format!("{name}.p12"), media_type: "application/x-pkcs12", octets }
            }
            KeyState::Own | KeyState::Erased { .. } => {
                let octets = Zeroizing::new(self.bundle(&view).await?);
                Download { name: format!("{name}.pem"), media_type: "application/x-pem-file", octets }
            }
        };
        self.act(scope, number, None, Command::Download(knew), doer).await?;
        Ok(download)
    }

    /// The applicant has the file and opened it: the key kept here is erased (C5).
    ///
    /// # Errors
    /// `claims.not_fetched`, `claims.…`.
    pub async fn confirm_download(
        &self,
        scope: Scope,
        number: CaseNumber,
        holder: HolderId,
        doer: Doer<Hat>,
    ) -> Result<Stored<Case>, Refusal> {
        self.own_case(scope.clone(), holder, number, doer.capacity).await?;
        self.act(scope, number, None, Command::EraseKey(Erasure::Confirmed), doer).await
    }

    /// Certificate and chain in PEM, the certificate first.
    async fn bundle(&self, view: &CertificateView) -> Result<Vec<u8>, Refusal> {
        let mut pem = core_pack::pem::encode("CERTIFICATE", &view.der);
        for der in self.soon(self.front().chain(&view.cert.authority)).await? {
            pem.push_str(&core_pack::pem::encode("CERTIFICATE", &der));
        }
        Ok(pem.as_bytes().to_vec())
    }
}
