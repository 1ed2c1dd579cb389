//! What `kapu check-config` prints.

use std::fmt;

use broker::{KnownBy, Posting, UpstreamProtocol};
use journey::OwnerProof;

use super::{Config, Database, Issuing, LoaScheme, Transport, Wallet};

/// How wallets know us, how they answer, and by which headers places are compared.
fn ways(wallet: &Wallet) -> String {
    let known_by = match wallet.known_by {
        KnownBy::CertificateHash => "x509_hash",
        KnownBy::DnsName => "x509_san_dns",
    };
    let posting = match wallet.posting {
        Posting::Encrypted => "direct_post.jwt",
        Posting::InClear => "direct_post",
    };
    let mut ways = vec![known_by, posting];
    ways.extend(wallet.place_headers.iter().map(http::HeaderName::as_str));
    ways.join(", ")
}

impl fmt::Display for Config {
    /// What was understood, one member a line; no password and no address that may hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, value: &dyn fmt::Display| writeln!(f, "{name:<18} {value}");
        row("listen", &self.listen)?;
        row("operations_listen", &self.operations_listen)?;
        row("kau", &self.origins.kau)?;
        row("ugyfelkapu", &self.origins.ugyfelkapu)?;
        match &self.issuing {
            Some(issuing) => row("dap", issuing)?,
            None => row("dap", &"none: no credentials are issued to wallets")?,
        }
        let wallets = self.issuing.iter().flat_map(|issuing| &issuing.wallets);
        wallets.into_iter().try_for_each(|wallet| row("dap wallet", &wallet.client_id()))?;
        row("cutover", &self.cutover)?;
        match &self.database {
            Database::Sqlite(file) => row("database", &format_args!("SQLite file {}", file.display()))?,
            Database::Postgres { connections, root_certificates, .. } => {
                row("database", &format_args!("PostgreSQL, {connections} connections"))?;
                if let Some(file) = root_certificates {
                    row("root_certificates", &file.display())?;
                }
            }
        }
        row("keys", &self.key_file.display())?;
        let protection = match self.mail.smtp.transport {
            Transport::Tls => "TLS",
            Transport::StartTls => "STARTTLS",
            Transport::Loopback => "this machine, in the clear",
        };
        let signs_in = if self.mail.smtp.credentials.is_some() { ", with a password" } else { "" };
        row("mail", &format_args!("{}:{} ({protection}{signs_in})", self.mail.smtp.host, self.mail.smtp.port))?;
        row("mail from", &self.mail.from.0)?;
        let owner_proof = match self.owner_proof {
            OwnerProof::None => "none: whoever knows the password may enrol",
            OwnerProof::ContactCode => "a code mailed to the registered contact",
            OwnerProof::ContactCodeWithHold => "a code mailed to the registered contact, usable after 72 hours",
        };
        row("owner_proof", &owner_proof)?;
        let threads = self.hashing.threads.map_or_else(|| "as many as cores".to_owned(), |n| n.to_string());
        row(
            "hashing",
            &format_args!(
                "Argon2id, {} KiB, {} passes, threads: {threads}",
                self.hashing.memory_kib, self.hashing.passes
            ),
        )?;
        row("connections", &self.connections)?;
        row("trusted_proxies", &self.trusted_proxies.len())?;
        let loa = match self.loa_scheme {
            LoaScheme::NotNotified => "not notified",
            LoaScheme::Notified => "notified",
        };
        row("loa_scheme", &loa)?;
        row("help phone", &self.help_phone.as_deref().unwrap_or("none"))?;
        if let Some(wallet) = &self.wallet {
            row("wallet", &format_args!("{}, {}", wallet.link, ways(wallet)))?;
            for issuer in &wallet.issuers {
                row("wallet issuer", &format_args!("{}, at most {}", issuer.id, issuer.loa.as_str()))?;
            }
        }
        for upstream in &self.upstreams {
            let (level, loa) = (upstream.level.number(), upstream.loa.as_str());
            let protocol = match upstream.protocol {
                UpstreamProtocol::OpenIdConnect { .. } => "OpenID Connect",
                UpstreamProtocol::Saml { .. } => "SAML",
            };
            let (id, issuer) = (&upstream.id, upstream.issuer());
            row("upstream", &format_args!("{id}: {protocol}, {issuer}, level {level}, at most {loa}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Issuing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Issuing { origin, link, country, key_attestations, wallets: _ } = self;
        let keys = match (key_attestations.required, key_attestations.anchors.len()) {
            (true, _) => "attested keys only",
            (false, 0) => "no key attestations are taken",
            (false, _) => "key attestations are taken",
        };
        write!(f, "{origin}, offers to {link}, in {country}, {keys}")
    }
}
