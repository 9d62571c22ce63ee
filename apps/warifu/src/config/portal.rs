//! The sections of pages, mail and desks.

use super::source::Source;
use authority_front::Text;
use core_words::{AuthorityId, OperatorId, ProfileId};
use kit_post::{Address, MailSettings, Security, SmtpSettings};
use std::net::SocketAddr;
use zeroize::Zeroizing;

/// `[web]`: pages for people.
#[derive(Clone, Debug)]
pub struct Web {
    /// The address under which browsers reach the pages: `https://claims.example`. Passkeys are bound to its host.
    pub public_url: String,
    /// The name of the service on every page.
    pub service_name: Text,
    /// Whether every page and component is shown with sample data under `/gallery`.
    pub gallery: bool,
}

impl Web {
    pub(super) fn of(source: &mut Source, listen: SocketAddr) -> Self {
        let public_url = source.text_or("web.public_url", &format!("http://{listen}"));
        if public_url.ends_with('/')
            || !(public_url.starts_with("http://") || public_url.starts_with("https://"))
        {
            source.problem(
                "web.public_url",
                Text::new(
                    "https://… の形で、最後に / を付けずに書いてください",
                    "must be https://… without a slash at its end",
                ),
            );
        }
        let ja = source.text_or("web.service_name_ja", "割符 電子証明書サービス");
        let en = source.text_or("web.service_name_en", "Warifu certificates");
        Self { public_url, service_name: Text::new(ja, en), gallery: source.switch("web.gallery", false) }
    }
}

/// `[mail]`.
#[derive(Clone, Debug)]
pub struct Mail {
    /// From whom and through which server; without a server mail waits in the outbox.
    pub settings: MailSettings,
}

impl Mail {
    pub(super) fn of(source: &mut Source) -> Self {
        let domain = source.text_or("mail.domain", "localhost.localdomain");
        let from = address(source, "mail.from").or_else(|| Address::parse(&format!("warifu@{domain}")).ok());
        let reply_to = address(source, "mail.reply_to");
        let smtp = source.has_section("mail.smtp").then(|| smtp(source)).flatten();
        let fallback = || Address::parse("warifu@localhost.localdomain").expect("a well-formed address");
        let settings = MailSettings { smtp, from: from.unwrap_or_else(fallback), reply_to, domain };
        if let Err(error) = settings.check() {
            source.problem("mail", Text::new(format!("メールを送れません: {error}"), error.to_string()));
        }
        Self { settings }
    }
}

fn address(source: &mut Source, key: &str) -> Option<Address> {
    let text = source.text(key)?;
    let address = Address::parse(&text).ok();
    if address.is_none() {
        source.problem(
            key,
            Text::new("メールアドレスを書いてください", "must be a mail address such as claims@example.jp"),
        );
    }
    address
}

fn smtp(source: &mut Source) -> Option<SmtpSettings> {
    let host = source.text("mail.smtp.host");
    if host.is_none() {
        source.problem("mail.smtp.host", Text::new("メールサーバーの名前が必要です", "is needed"));
    }
    let security = match source.text_or("mail.smtp.security", "starttls").as_str() {
        "tls" => Security::Tls,
        "starttls" => Security::StartTls,
        "plain" => Security::Plain,
        _ => {
            source.problem(
                "mail.smtp.security",
                Text::new("tls、starttls、plain のいずれかです", "must be tls, starttls or plain"),
            );
            Security::StartTls
        }
    };
    let usual = match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::Plain => 25,
    };
    let port = source.number("mail.smtp.port", usual, 1, 65_535);
    let user = source.text("mail.smtp.user");
    let password = source.env_secret("mail.smtp.password", "WARIFU__MAIL__SMTP__PASSWORD");
    let roots = source.path("mail.smtp.roots").and_then(|path| match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            let told = format!("{}: {error}", path.display());
            source.problem("mail.smtp.roots", Text::new(told.clone(), told));
            None
        }
    });
    Some(SmtpSettings {
        host: host?,
        port: u16::try_from(port).unwrap_or(usual as u16),
        security,
        login: user.zip(password.map(Zeroizing::new)),
        roots,
    })
}

/// `[claims]`: the claims desk. Without this section there is none.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The federation (連合会).
    pub operator: OperatorId,
    /// Its name.
    pub federation: Text,
    /// Address and telephone.
    pub contact: Text,
    /// The dedicated authority.
    pub authority: AuthorityId,
    /// The profile of a provider's certificate.
    pub profile: ProfileId,
    /// The profile of an agent's certificate.
    pub agent_profile: ProfileId,
    /// Within how many days an agent is asked to pay.
    pub due_days: u32,
    /// How long a registration can be undone, in seconds.
    pub undo_seconds: u32,
    /// How many days a key is kept for its owner.
    pub key_days: u32,
    /// How early holders are told of the end of their certificates, and how long cases are kept after it.
    pub ending: desk_claims::settings::Ending,
    /// Terms of the federation's own; else those of the program.
    pub terms: Vec<desk_claims::settings::Terms>,
}

impl Claims {
    pub(super) fn of(source: &mut Source) -> Option<Self> {
        if !source.has_section("claims") {
            return None;
        }
        let (ja, en) = ("a-z、0-9、- の名前を書いてください", "must be a name of a-z, 0-9 and '-'");
        let operator = source.parsed("claims.operator", ja, en);
        let authority = source.parsed("claims.authority", ja, en);
        for (missing, key) in
            [(operator.is_none(), "claims.operator"), (authority.is_none(), "claims.authority")]
        {
            if missing {
                source.problem(key, Text::new("受付窓口には必要です", "is needed for the claims desk"));
            }
        }
        let profile = source.text_or("claims.profile", "claims-provider").parse();
        let agent_profile = source.text_or("claims.agent_profile", "claims-agent").parse();
        let due = source.number("claims.due_days", 30, 1, 365);
        let federation = two(source, "claims.federation", ["国民健康保険団体連合会", "Federation"]);
        let contact = two(source, "claims.contact", ["", ""]);
        let undo = source.number("claims.undo_seconds", 1_800, 0, 7 * 86_400);
        let days = source.number("claims.key_days", 30, 1, 366);
        let lead = source.parsed_or(
            "claims.expiry_notice_days",
            desk_claims::settings::Lead::default(),
            "1から366までの日数を8つまで、コンマで区切って",
            "one to eight whole numbers from 1 to 366, such as \"90, 30, 7\"",
        );
        let keep = source.number("claims.keep_days", 365, 1, 36_500);
        let ending = desk_claims::settings::Ending { lead, keep_days: u32::try_from(keep).unwrap_or(365) };
        let terms = terms(source);
        if profile.is_err() {
            source.problem("claims.profile", Text::new(ja, en));
        }
        if agent_profile.is_err() {
            source.problem("claims.agent_profile", Text::new(ja, en));
        }
        Some(Self {
            operator: operator?,
            federation,
            contact,
            authority: authority?,
            profile: profile.ok()?,
            agent_profile: agent_profile.ok()?,
            due_days: u32::try_from(due).unwrap_or(30),
            undo_seconds: u32::try_from(undo).unwrap_or(1_800),
            key_days: u32::try_from(days).unwrap_or(30),
            ending,
            terms,
        })
    }

    /// The settings of the desk, for pages at this address.
    ///
    /// # Errors
    /// What does not fit together.
    pub fn settings(
        &self,
        public_url: &str,
    ) -> Result<desk_claims::Settings, desk_claims::settings::BadSettings> {
        desk_claims::Settings {
            operator: self.operator.clone(),
            federation: self.federation.clone(),
            contact: self.contact.clone(),
            public_url: public_url.to_owned(),
            authority: self.authority.clone(),
            profile: self.profile.clone(),
            agent_profile: self.agent_profile.clone(),
            due_days: self.due_days,
            undo_seconds: self.undo_seconds,
            key_days: self.key_days,
            ending: self.ending.clone(),
            terms: self.terms.clone(),
        }
        .checked()
    }
}

fn two(source: &mut Source, key: &str, default: [&str; 2]) -> Text {
    let ja = source.text_or(&format!("{key}_ja"), default[0]);
    let en = source.text_or(&format!("{key}_en"), default[1]);
    Text::new(ja, en)
}

fn terms(source: &mut Source) -> Vec<desk_claims::settings::Terms> {
    let built_in = desk_claims::Settings::built_in_terms;
    let Some(path) = source.path("claims.terms_file") else { return built_in() };
    let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    match read.and_then(|text| desk_claims::settings::read_terms(&text).map_err(|error| error.to_string())) {
        Ok(terms) => terms,
        Err(error) => {
            let told = format!("{}: {error}", path.display());
            source.problem("claims.terms_file", Text::new(told.clone(), told));
            built_in()
        }
    }
}
