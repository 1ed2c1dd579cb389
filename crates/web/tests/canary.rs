//! Secrets stay secret: what was typed, drawn or handed out is afterwards in no page, no line of the
//! log and no byte of the database (promises P42 and P46).

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use broker::TotpKey;
use model::Lang;
use testkit::{Browser, Installation, KAU, Settings, TICKED, UGYFELKAPU};
use tracing_subscriber::fmt::MakeWriter;

const NAME: &str = "kovacs.anna";
const PASSWORD: &str = "kanari-elso-jelmondat-71";
const NEW_PASSWORD: &str = "kanari-masik-jelmondat-72";
const MISTYPED: &str = "kanari-elirt-jelmondat-73";
const PORTAL: &str = "https://portal.pelda.hu";

/// Bytes that others write and the test reads.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn push(&self, bytes: &[u8]) {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().expect("no panic"))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Written {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// The secrets so far, by what they are.
#[derive(Default)]
struct Secrets(BTreeMap<String, Vec<u8>>);

impl Secrets {
    fn add(&mut self, what: &str, secret: impl AsRef<[u8]>) {
        let secret = secret.as_ref();
        assert!(secret.len() >= 6, "{what}: too short to be looked for");
        self.0.insert(what.to_owned(), secret.to_vec());
    }

    /// A text and the ways in which it might have been written elsewhere.
    fn add_text(&mut self, what: &str, secret: &str) {
        self.add(what, secret);
        self.add(&format!("{what}, in base64"), data_encoding::BASE64.encode(secret.as_bytes()).trim_end_matches('='));
        self.add(&format!("{what}, in hexadecimal"), data_encoding::HEXLOWER.encode(secret.as_bytes()));
    }

    fn add_key(&mut self, what: &str, base32: &str) {
        let packed: String = base32.split_whitespace().collect();
        let raw = data_encoding::BASE32_NOPAD.decode(packed.as_bytes()).expect("base32");
        self.add_text(&format!("{what}, in base32"), &packed);
        self.add(&format!("{what}, in groups"), base32);
        self.add(&format!("{what}, raw"), &raw);
        self.add(&format!("{what}, in hexadecimal"), data_encoding::HEXLOWER.encode(&raw));
        self.add(&format!("{what}, in base64"), data_encoding::BASE64.encode(&raw).trim_end_matches('='));
        self.add(&format!("{what}, as an array"), format!("{raw:?}").trim_matches(['[', ']']));
    }

    fn add_deletion_code(&mut self, what: &str, shown: &str) {
        self.add_text(what, &shown.replace(' ', ""));
        self.add(&format!("{what}, in groups"), shown);
        self.add(&format!("{what}, with dashes"), shown.replace(' ', "-"));
    }

    /// Fails when one of them stands in `bytes`.
    fn assert_none_in(&self, place: &str, bytes: &[u8]) {
        for (what, secret) in &self.0 {
            assert!(!stands_in(secret, bytes), "{what} stands in {place}");
        }
    }
}

/// Whether a secret stands in the bytes; digits only where no others stand beside them, since six
/// digits stand in many a longer number.
fn stands_in(secret: &[u8], bytes: &[u8]) -> bool {
    let digits = secret.iter().all(u8::is_ascii_digit) && secret.len() < 20;
    let borders = |at: usize| {
        let digit = |index: Option<usize>| index.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
        !digit(at.checked_sub(1)) && !digit(Some(at + secret.len()))
    };
    bytes.windows(secret.len()).enumerate().any(|(at, window)| window == secret && (!digits || borders(at)))
}

/// The gateway, with every body that it answers kept.
fn recorded(gate: &Installation, bodies: &Written) -> Router {
    let bodies = bodies.clone();
    gate.app().layer(from_fn(move |request: Request, next: Next| {
        let bodies = bodies.clone();
        async move {
            let (head, body) = next.run(request).await.into_parts();
            let body: Bytes = axum::body::to_bytes(body, 1 << 22).await.expect("a body");
            bodies.push(&body);
            bodies.push(b"\n");
            Response::from_parts(head, Body::from(body))
        }
    }))
}

/// The walk, with the places where secrets must not turn up.
struct Walk {
    gate: Installation,
    secrets: Secrets,
    bodies: Written,
    log: Written,
}

impl Walk {
    fn browser(&self) -> Browser {
        let portal = Router::new().fallback(|| async { "A portál" });
        Browser::new(recorded(&self.gate, &self.bodies), Lang::Hu).reaching(PORTAL, portal)
    }

    /// Nothing that was secret before the last steps stands in what they answered.
    fn look_at_pages(&self, step: &str) {
        self.secrets.assert_none_in(&format!("a page of: {step}"), &self.bodies.take());
    }

    fn code(&mut self, key: &TotpKey) -> String {
        self.gate.clock.pass(std::time::Duration::from_secs(30));
        let code = self.gate.code(key);
        self.secrets.add("the code of an app", &code);
        code
    }

    /// Everything that the folder of the database holds, and everything that was logged.
    fn look_at_rest(&self, step: &str) {
        let folder = self.gate.folder().expect("a SQLite file");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("a file");
            self.secrets.assert_none_in(&format!("{} after: {step}", path.display()), &bytes);
            files += 1;
        }
        assert!(files >= 2, "the database and its write-ahead log");
        let log = self.log.0.lock().expect("no panic").clone();
        self.secrets.assert_none_in(&format!("the log after: {step}"), &log);
    }

    fn add_cookies(&mut self, browser: &Browser, origin: &str) {
        for name in ["__Host-visitor", "__Host-account", "__Host-enrol", "__Host-sso", "__Host-device"] {
            if let Some(value) = browser.cookie(origin, name) {
                let own = value.split_once('.').map_or(value.as_str(), |(_, tag)| tag);
                self.secrets.add(&format!("{name} {own:.4}"), own);
            }
        }
    }
}

async fn enrol(walk: &mut Walk, anna: &mut Browser) -> (TotpKey, String) {
    anna.press("Ügyfélkapu+ igénylése", &[]).await;
    anna.press("Megvan az alkalmazás, tovább", &[]).await;
    if anna.page().buttons().iter().any(|button| button == "Kód küldése") {
        anna.press("Kód küldése", &[]).await;
        let mailed = walk.gate.mailed_code().await;
        walk.secrets.add("the mailed code", &mailed);
        walk.look_at_rest("a code was mailed");
        anna.press("Tovább", &[("Az e-mailben kapott kód", &mailed)]).await;
    }
    let shown = anna.page().texts(".key").concat();
    walk.look_at_pages("before the key is a secret");
    let packed: String = shown.split_whitespace().collect();
    let key = TotpKey::from_bytes(&data_encoding::BASE32_NOPAD.decode(packed.as_bytes()).expect("base32"));
    let key = key.expect("160 bits");
    let code = walk.code(&key);
    anna.press("Tovább", &[("Jelszó", MISTYPED), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    walk.look_at_pages("a mistyped password at the key");
    anna.press("Tovább", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    walk.secrets.add_key("the key", &shown);
    let deletion_code = anna.page().texts(".deletion").concat();
    walk.look_at_pages("the deletion code is shown");
    walk.secrets.add_deletion_code("the deletion code", &deletion_code);
    walk.look_at_rest("both are sealed");
    anna.press("Befejezés", &[("A törlőkód mentéséről gondoskodtam", TICKED)]).await;
    walk.add_cookies(anna, UGYFELKAPU);
    walk.look_at_pages("Befejezés");
    (key, deletion_code)
}

async fn sign_in(walk: &mut Walk, browser: &mut Browser, key: &TotpKey) {
    browser.visit(UGYFELKAPU).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", NAME), ("Jelszó", MISTYPED)]).await;
    browser.press("Bejelentkezés", &[("Jelszó", PASSWORD)]).await;
    browser.press("Bejelentkezés", &[("Hatjegyű kód", "000000")]).await;
    let code = walk.code(key);
    browser.press("Bejelentkezés", &[("Hatjegyű kód", &code)]).await;
    assert_eq!(browser.page().url.path(), "/fiok");
    browser.visit("/adataim").await;
    browser.visit("/aktivalas").await;
    walk.add_cookies(browser, UGYFELKAPU);
    browser.reload().await;
    walk.look_at_pages("a full session");
}

async fn sign_in_at_the_portal(walk: &mut Walk, browser: &mut Browser, key: &TotpKey) {
    let metadata = serde_json::json!({
        "client_id": "portal", "client_name": "Portál", "redirect_uris": [format!("{PORTAL}/vissza")],
    });
    let registered = walk.gate.client(&metadata).await;
    walk.secrets.add_text("the client's secret", registered.secret.expect("it was drawn").expose());
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    browser
        .visit(&format!(
            "{KAU}/oidc/authorize?client_id=portal&response_type=code&scope=openid&state=s&nonce=n\
             &redirect_uri=https%3A%2F%2Fportal.pelda.hu%2Fvissza&code_challenge={challenge}&code_challenge_method=S256"
        ))
        .await;
    browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", NAME), ("Jelszó", PASSWORD)]).await;
    let code = walk.code(key);
    walk.look_at_pages("before the answer to the portal");
    browser.press("Bejelentkezés", &[("Hatjegyű kód", &code)]).await;
    // This one page carries the authorization code: to be handed on is what it is for.
    walk.bodies.take();
    browser.follow_refresh().await;
    let (_, code) = browser.page().url.query_pairs().find(|(name, _)| name == "code").expect("a code");
    walk.secrets.add("the authorization code", &*code);
    walk.add_cookies(browser, KAU);
    walk.look_at_rest("the portal was answered");
}

#[tokio::test]
async fn p42_p46_no_secret_is_in_a_later_page_in_the_log_or_in_the_database() {
    let log = Written::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("the only test of this binary");
    tracing::info!("the log is read");
    assert!(!log.0.lock().expect("no panic").is_empty());

    let gate = Installation::with(Settings { seed: 4711, ..Settings::default() }).await;
    gate.add_person(NAME, PASSWORD).await;
    let mut walk = Walk { gate, secrets: Secrets::default(), bodies: Written::default(), log };
    for (what, password) in
        [("the password", PASSWORD), ("the new password", NEW_PASSWORD), ("a mistyped one", MISTYPED)]
    {
        walk.secrets.add_text(what, password);
    }

    let mut anna = walk.browser();
    anna.visit(UGYFELKAPU).await;
    anna.press("Bejelentkezés", &[("Felhasználónév", NAME), ("Jelszó", PASSWORD)]).await;
    walk.add_cookies(&anna, UGYFELKAPU);
    let (key, deletion_code) = enrol(&mut walk, &mut anna).await;
    let mut inside = walk.browser();
    sign_in(&mut walk, &mut inside, &key).await;
    sign_in_at_the_portal(&mut walk, &mut inside, &key).await;

    // A password is mistyped on a form that shows the name again; a code on one that shows nothing.
    inside.visit(&format!("{UGYFELKAPU}/jelszo")).await;
    let fields = [("Régi jelszó", MISTYPED), ("Új jelszó", NEW_PASSWORD), ("Új jelszó még egyszer", NEW_PASSWORD)];
    assert_eq!(inside.press("Jelszó módosítása", &fields).await.status, 422);
    inside.visit("/elveszett").await;
    let lost = [("Felhasználónév", NAME), ("Jelszó", MISTYPED), ("Törlőkód", &*deletion_code)];
    assert_eq!(inside.press("Tovább az új beállításhoz", &lost).await.status, 422);
    let lost = [("Felhasználónév", NAME), ("Jelszó", PASSWORD), ("Törlőkód", &*deletion_code)];
    assert_eq!(inside.press("Tovább az új beállításhoz", &lost).await.url.path(), "/igenyles");
    walk.add_cookies(&inside, UGYFELKAPU);
    let again = walk.gate.deliver().await;
    for (_, mail) in &again.letters {
        walk.secrets.assert_none_in("a letter", mail.body.as_bytes());
        let link = mail.body.split("/nem-en-voltam/").nth(1).and_then(|rest| rest.split_whitespace().next());
        if let Some(handle) = link {
            walk.secrets.add("the handle of a not-me link", handle);
        }
    }
    walk.look_at_pages("a lost phone");
    enrol(&mut walk, &mut inside).await;
    walk.look_at_rest("everything");
    assert!(walk.secrets.0.len() > 30, "{:?}", walk.secrets.0.keys());
}

#[test]
fn a_secret_that_stands_there_is_found() {
    let mut secrets = Secrets::default();
    secrets.add_deletion_code("the deletion code", "11111 22222 33333 44444");
    secrets.add("a code", "123456");
    for bytes in [&b"x 11111222223333344444 y"[..], b"11111-22222-33333-44444", b"{\"code\":\"123456\"}", b"123456"] {
        assert!(secrets.0.values().any(|secret| stands_in(secret, bytes)), "{bytes:?}");
    }
    assert!(!stands_in(b"123456", b"at 1736123456000"));
}
