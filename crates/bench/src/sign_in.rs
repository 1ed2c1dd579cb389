//! One complete sign-in, as a browser and a service make it: from the authentication request to the tokens.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use idp::totp;
use model::{Clock as _, Method};
use tokio::net::TcpStream;

use crate::http::{Connection, Request, Response};
use crate::installation::{CLIENT_ID, CLIENT_SECRET, KAU, REDIRECT_URI};
use crate::machine::SystemClock;
use crate::population::{PASSWORD, key, user_name};
use crate::saml_service::SamlService;

const VERIFIER: &str = "a-code-verifier-of-forty-three-characters-or-more";
/// The field that carries a response.
const SAML_RESPONSE: &str = "name=\"SAMLResponse\"";
const SAME_ORIGIN: &str = "sec-fetch-site: same-origin\r\n";

/// A request and its answer, to be replayed.
pub(crate) struct Exchange {
    pub(crate) request: Vec<u8>,
    pub(crate) response: Response,
}

/// A browser before the choice of the method, without a connection.
pub(crate) struct Arrived {
    cookies: String,
    path: String,
    csrf: String,
    forwarded: String,
}

impl Arrived {
    /// The choice of the wallet, its page, and the events of that page, which stay open.
    pub(crate) async fn wait_for_wallet(self, connection: Connection) -> anyhow::Result<TcpStream> {
        let Self { cookies, path, csrf, forwarded } = self;
        let mut browser = SignIn { cookies, forwarded, ..SignIn::of(0, connection) };
        let chosen = form(&[("csrf", &csrf), ("mod", Method::Wallet.as_str())]);
        let path = browser.redirected(&path, Some(&chosen)).await?;
        let page = browser.said(&path, "", None).await?.text().into_owned();
        let (_, events) = page.split_once("data-events=\"").context("a page that does not wait")?;
        let path = events.split('"').next().unwrap_or_default();
        let SignIn { connection, cookies, forwarded, .. } = browser;
        let request = Request { origin: KAU, path, cookies: &cookies, more: &forwarded, form: None }.bytes();
        let (answer, stream) = connection.open_stream(&request).await?;
        ensure!(answer.status == 200, "{path} answers {}", answer.status);
        Ok(stream)
    }
}

/// A browser on its way through a sign-in.
pub(crate) struct SignIn {
    connection: Connection,
    person: u64,
    cookies: String,
    path: String,
    csrf: String,
    code: String,
    /// The line of a head by which a proxy says whose request it is, if one does.
    forwarded: String,
    /// Everything that was said, when it is to be kept.
    kept: Option<Vec<Exchange>>,
}

impl SignIn {
    /// A browser that was never here.
    pub(crate) fn of(person: u64, connection: Connection) -> Self {
        let empty = String::new;
        Self {
            connection,
            person,
            cookies: empty(),
            path: empty(),
            csrf: empty(),
            code: empty(),
            forwarded: empty(),
            kept: None,
        }
    }

    /// A whole one; gives its connection back.
    pub(crate) async fn whole(person: u64, connection: Connection) -> anyhow::Result<Connection> {
        let mut sign_in = Self::of(person, connection);
        sign_in.begin().await?;
        sign_in.password().await?;
        sign_in.code().await?;
        sign_in.tokens().await?;
        Ok(sign_in.connection)
    }

    /// A whole one, with everything that was said.
    pub(crate) async fn kept(person: u64, address: SocketAddr) -> anyhow::Result<Vec<Exchange>> {
        let mut sign_in = Self::of(person, Connection::open(address).await?);
        sign_in.kept = Some(Vec::new());
        sign_in.begin().await?;
        sign_in.password().await?;
        sign_in.code().await?;
        sign_in.tokens().await?;
        Ok(sign_in.kept.unwrap_or_default())
    }

    /// Behind a proxy that says that it has this address.
    pub(crate) fn forwarded(mut self, address: std::net::Ipv4Addr) -> Self {
        self.forwarded = format!("x-forwarded-for: {address}\r\n");
        self
    }

    /// The authentication request, and the page with the methods; gives the connection back.
    pub(crate) async fn arrive(mut self) -> anyhow::Result<(Arrived, Connection)> {
        self.path = self.redirected(&authorize(), None).await?;
        self.page(&self.path.clone()).await?;
        let Self { connection, cookies, path, csrf, forwarded, .. } = self;
        Ok((Arrived { cookies, path, csrf, forwarded }, connection))
    }

    /// The authentication request, the choice of the method, and the page for the password.
    pub(crate) async fn begin(&mut self) -> anyhow::Result<()> {
        self.begin_at(&authorize()).await
    }

    /// A request at that address, of whichever protocol, the choice of the method, and the page for the password.
    pub(crate) async fn begin_at(&mut self, address: &str) -> anyhow::Result<()> {
        let choose = self.redirected(address, None).await?;
        self.page(&choose).await?;
        let chosen = form(&[("csrf", &self.csrf), ("mod", Method::AuthenticatorApp.as_str())]);
        self.path = self.redirected(&choose, Some(&chosen)).await?;
        self.page(&self.path.clone()).await
    }

    /// The page's form with another name, of nobody: a wrong password. To be called after [`SignIn::begin`].
    pub(crate) async fn wrong_password(&mut self, name: &str) -> anyhow::Result<u16> {
        let form = form(&[("csrf", &self.csrf), ("nev", name), ("jelszo", "not the password")]);
        Ok(self.said(&self.path.clone(), SAME_ORIGIN, Some(&form)).await?.status)
    }

    /// User name and password, and the page for the code.
    pub(crate) async fn password(&mut self) -> anyhow::Result<()> {
        let form = form(&[("csrf", &self.csrf), ("nev", &user_name(self.person)), ("jelszo", PASSWORD)]);
        self.path = self.redirected(&self.path.clone(), Some(&form)).await?;
        self.page(&self.path.clone()).await
    }

    /// The code of the authenticator; the answer to the service is on the page that comes.
    pub(crate) async fn code(&mut self) -> anyhow::Result<()> {
        let page = self.coded().await?;
        let (_, code) = page.split_once("code=").context("the page after the code leads to no service")?;
        self.code = code.chars().take_while(char::is_ascii_alphanumeric).collect();
        Ok(())
    }

    /// The page after the code of the authenticator, with the answer to the service.
    async fn coded(&mut self) -> anyhow::Result<String> {
        let step = totp::step_at(SystemClock.now());
        let shown = key(self.person)?.code_of_step(step).context("a step after the epoch")?;
        let form = form(&[("csrf", &self.csrf), ("kod", shown.expose().expose())]);
        let response = self.said(&self.path.clone(), SAME_ORIGIN, Some(&form)).await?;
        ensure!(response.status == 200, "the code was answered {}:\n{}", response.status, response.text());
        Ok(response.text().into_owned())
    }

    /// A whole sign-in by SAML; gives the browser, which has a session now.
    pub(crate) async fn by_saml(mut self, service: &mut SamlService) -> anyhow::Result<Self> {
        self.begin_at(&service.request()?).await?;
        self.password().await?;
        ensure!(self.coded().await?.contains(SAML_RESPONSE), "the page after the code has no response");
        Ok(self)
    }

    /// An answer from the session, with no page between.
    pub(crate) async fn again_by_saml(&mut self, service: &mut SamlService) -> anyhow::Result<Exchange> {
        let path = service.request()?;
        let request = Request { origin: KAU, path: &path, cookies: &self.cookies, more: "", form: None }.bytes();
        let response = self.connection.exchange(&request).await?;
        ensure!(response.status == 200 && response.text().contains(SAML_RESPONSE), "{}", response.text());
        Ok(Exchange { request, response })
    }

    /// Goes on by another connection: one that waits long is closed.
    pub(crate) fn reconnect(&mut self, connection: Connection) {
        self.connection = connection;
    }

    /// Writes everything down from now on.
    pub(crate) fn keeping(mut self) -> Self {
        self.kept = Some(Vec::new());
        self
    }

    /// What was written down, and the connection.
    pub(crate) fn end(self) -> (Vec<Exchange>, Connection) {
        (self.kept.unwrap_or_default(), self.connection)
    }

    /// The service redeems its code.
    pub(crate) async fn tokens(&mut self) -> anyhow::Result<()> {
        let form = form(&[
            ("grant_type", "authorization_code"),
            ("code", &self.code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]);
        let basic = BASE64.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}").as_bytes());
        self.cookies.clear();
        let response = self.said("/oidc/token", &format!("authorization: Basic {basic}\r\n"), Some(&form)).await?;
        ensure!(response.status == 200, "no tokens: {} {}", response.status, response.text());
        let tokens: serde_json::Value = serde_json::from_slice(&response.body)?;
        ensure!(tokens["id_token"].is_string(), "no ID token: {tokens}");
        Ok(())
    }

    /// The paths of the pages that this browser can see next, for weighing.
    pub(crate) fn at(&self) -> (&str, &str) {
        (&self.path, &self.cookies)
    }

    async fn page(&mut self, path: &str) -> anyhow::Result<()> {
        let response = self.said(path, "", None).await?;
        ensure!(response.status == 200, "{path} answers {}:\n{}", response.status, response.text());
        let page = response.text();
        let (_, after) = page.split_once("name=\"csrf\" value=\"").context("a page without a form")?;
        let csrf = after.split('"').next().unwrap_or_default().to_owned();
        self.csrf = csrf;
        Ok(())
    }

    async fn redirected(&mut self, path: &str, form: Option<&str>) -> anyhow::Result<String> {
        let more = if form.is_some() { SAME_ORIGIN } else { "" };
        let response = self.said(path, more, form).await?;
        match (response.status, response.header("location")) {
            (303, Some(location)) if location.starts_with("/b/") => Ok(location.to_owned()),
            (status, location) => bail!("{path} answers {status} {location:?}:\n{}", response.text()),
        }
    }

    async fn said(&mut self, path: &str, more: &str, form: Option<&str>) -> anyhow::Result<Response> {
        let more = format!("{}{more}", self.forwarded);
        let request = Request { origin: KAU, path, cookies: &self.cookies, more: &more, form }.bytes();
        let response = self.connection.exchange(&request).await?;
        for set in response.headers().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
            let pair = set.1.split(';').next().unwrap_or_default();
            let joint = if self.cookies.is_empty() { "" } else { "; " };
            self.cookies += joint;
            self.cookies += pair;
        }
        if let Some(kept) = &mut self.kept {
            kept.push(Exchange { request, response: response.clone() });
        }
        Ok(response)
    }
}

/// The address of the authentication request.
fn authorize() -> String {
    let challenge = BASE64URL_NOPAD.encode(digest(&SHA256, VERIFIER.as_bytes()).as_ref());
    let query = form(&[
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid profile email"),
        ("state", "a-state-of-the-portal"),
        ("nonce", "a-nonce-of-the-portal"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    format!("/oidc/authorize?{query}")
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Who signs in next: everybody in turn, in an order that jumps through the whole table.
pub(crate) struct Turn {
    people: u64,
    nth: u64,
}

/// Has no divisor in common with any power of ten.
const STRIDE: u64 = 618_033_989;

impl Turn {
    pub(crate) fn among(people: u64) -> Self {
        Self { people, nth: 0 }
    }
}

impl Iterator for Turn {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth += 1;
        Some(self.nth.wrapping_mul(STRIDE) % self.people)
    }
}
