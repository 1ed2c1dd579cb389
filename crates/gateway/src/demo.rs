//! `kapu demo`: everything on this machine, with made-up persons, kept in one folder.

mod accounts;
mod folder;
mod listen;
mod persons;
mod seed;

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use broker::{KeyAttestationTerms, Replacing, SamlOptions, Upstream, read_purposes};
use data_encoding::HEXLOWER;
use model::{Random, Secret, limits};
use portals::kenyszi::{self, Kenyszi};
use portals::posta::{PostOffice, serve_smtp};
use portals::{Demo, Surface, SurfaceKind, index, magyarorszag, telefon};
use tokio::net::TcpListener;
use web::{Installation, Web};

use crate::config::{Cutover, Issuing, Mail, MailAddress, SmtpServer, Transport, TrustedProxies, Wallet};
use crate::deliver::{Courier, Reach};
use crate::engine::{Engine, Settings};
use crate::http::Front;
use crate::http::listen::Shutdown;
use crate::import::Source;
use crate::import::service::{self, Destination};
use crate::metrics::RequestCounts;
use crate::origin::{Origin, Scheme};
use crate::serve::{on_signal, run_until};

pub use accounts::DemoAccount;
pub use folder::{DATA, Folder, settings_of};
pub use listen::{ListenOn, ListenOnError};

/// Whom the demo's letters come from.
const FROM: &str = "Kapu <kapu@pelda.hu>";
/// Where the demo's phone takes requests to its wallet.
const WALLET_PATH: &str = "/tarca";
/// A number that nobody has: the demo has no help line.
const PHONE: &str = "+36 1 555 0100";

/// The demo's places.
struct Places {
    index: Origin,
    kau: Origin,
    ugyfelkapu: Origin,
    dap: Origin,
    magyarorszag: Origin,
    kenyszi: Origin,
    telefon: Origin,
    posta: Origin,
}

impl Places {
    fn at(port: u16) -> Self {
        let named = |name| Origin::of_demo(Some(name), port);
        Self {
            index: Origin::of_demo(None, port),
            kau: named("kau"),
            ugyfelkapu: named("ugyfelkapu"),
            dap: named("dap"),
            magyarorszag: named("magyarorszag"),
            kenyszi: named("kenyszi"),
            telefon: named("telefon"),
            posta: named("posta"),
        }
    }

    fn surfaces(&self) -> Vec<Surface> {
        let surface = |kind, origin: &Origin| Surface { kind, origin: origin.to_string() };
        vec![
            surface(SurfaceKind::Magyarorszag, &self.magyarorszag),
            surface(SurfaceKind::Kenyszi, &self.kenyszi),
            surface(SurfaceKind::Kau, &self.kau),
            surface(SurfaceKind::Ugyfelkapu, &self.ugyfelkapu),
            surface(SurfaceKind::Dap, &self.dap),
            surface(SurfaceKind::Telefon, &self.telefon),
            surface(SurfaceKind::Posta, &self.posta),
        ]
    }
}

/// Serves the demo until it is told to stop. The gateway's own data rest in the folder, or on the
/// PostgreSQL server with the given address.
///
/// # Errors
///
/// What is not in order, before anything is served.
pub async fn run(
    listen: &ListenOn,
    data: &Path,
    server: Option<Secret<String>>,
    cutover: Cutover,
    upstreams: Vec<Upstream>,
) -> anyhow::Result<()> {
    let (end, ended) = Shutdown::channel();
    on_signal(end)?;
    let (listeners, port) = listen.bind().await?;
    let places = Places::at(port);
    let folder = Folder::open(data, server)?;
    let origin = places.dap.to_string();
    let key_attestations = KeyAttestationTerms::default();
    let link = format!("{}{}", places.telefon, WALLET_PATH);
    let wallet = Some(Wallet::at(&link));
    let issuing = Some(Issuing { origin, link, country: "HU".to_owned(), key_attestations, wallets: Vec::new() });
    let settings = Settings { issuing, upstreams, wallet, ..folder.settings(cutover, &places.kau, &places.ugyfelkapu) };
    let (engine, accounts) = seed::start(&folder, &settings).await?;

    let web = Web::new(Installation {
        broker: engine.broker.clone(),
        kau: places.kau.to_string(),
        ugyfelkapu: places.ugyfelkapu.to_string(),
        phone: Some(PHONE.to_owned()),
    });
    let demo = Demo {
        clock: Arc::clone(&engine.clock),
        random: Arc::clone(&engine.random),
        help: Some(places.ugyfelkapu.to_string()),
        phone: Some(PHONE.to_owned()),
    };
    let office = PostOffice::open(&demo, &folder.file("posta.sqlite"))?;
    let smtp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("the demo's post cannot listen")?;
    let courier = courier(&engine, web.clone(), smtp.local_addr()?)?;
    let front = front(&engine, &folder, &places, &web, &demo, &office, &accounts).await?;

    let mut post_ends = ended.clone();
    let receiving = tokio::spawn(async move { serve_smtp(smtp, office, post_ends.announced()).await });
    // Whoever started it may have closed its end; that is no reason to stop.
    let _closed = writeln!(std::io::stdout(), "ready {}/", places.index);
    run_until(&engine, courier, listeners, front, limits::CONNECTIONS, ended).await;
    let _ended = receiving.await;
    Ok(())
}

fn courier(engine: &Engine, web: Web, smtp: SocketAddr) -> anyhow::Result<Arc<Courier>> {
    let mail = Mail {
        smtp: SmtpServer {
            host: smtp.ip().to_string(),
            port: smtp.port(),
            transport: Transport::Loopback,
            credentials: None,
        },
        from: MailAddress::try_from(FROM.to_owned()).map_err(anyhow::Error::msg)?,
    };
    let (clock, random) = (Arc::clone(&engine.clock), Arc::clone(&engine.random));
    Ok(Arc::new(Courier::new(web, &mail, Reach::PublicAndDemo, clock, random)?))
}

/// All places, each on its host.
async fn front(
    engine: &Engine,
    folder: &Folder,
    places: &Places,
    web: &Web,
    demo: &Demo,
    office: &PostOffice,
    accounts: &[DemoAccount],
) -> anyhow::Result<Front> {
    let secret = register_portal(engine, &places.magyarorszag).await?;
    let registration =
        magyarorszag::Registration { issuer: places.kau.to_string(), origin: places.magyarorszag.to_string(), secret };
    let portal = magyarorszag::router(demo, registration, places.surfaces(), &folder.file("magyarorszag.sqlite"))?;
    let registration = kenyszi::Registration { kau: places.kau.to_string(), origin: places.kenyszi.to_string() };
    let kenyszi = Kenyszi::open(demo, registration, places.surfaces(), &folder.file("kenyszi.sqlite"))?;
    register_by_metadata(engine, &kenyszi).await?;
    let trust = telefon::Trust {
        origins: [&places.kau, &places.dap].map(ToString::to_string).into(),
        issuer_anchors: vec![engine.broker.credential_issuer_anchor()?],
        verifier_anchors: vec![engine.broker.verifier_anchor()?],
        short_codes: Some(format!("{}/wallet/kod/", places.kau)),
    };
    let phone = telefon::router(demo, trust, &folder.file("telefon.sqlite"))?;
    let persons = accounts.iter().map(DemoAccount::for_index).collect();
    Ok(Front::builder(Scheme::Http, TrustedProxies::default(), Arc::new(RequestCounts::default()), &*engine.random)
        .host(&places.index, index::router(demo, places.surfaces(), persons))
        .host(&places.kau, web.kau())
        .host(&places.ugyfelkapu, web.ugyfelkapu())
        .host(&places.dap, web.dap())
        .host(&places.magyarorszag, portal)
        .host(&places.kenyszi, kenyszi.router())
        .host(&places.telefon, phone)
        .host(&places.posta, office.router())
        .build())
}

/// Registers the portal as an operator would, at the port of this run and with a secret of this run.
async fn register_portal(engine: &Engine, origin: &Origin) -> anyhow::Result<Secret<String>> {
    let random: &dyn Random = &*engine.random;
    let secret = Secret::new(HEXLOWER.encode(&random.bytes::<32>()));
    let metadata = magyarorszag::client_metadata(&origin.to_string(), &secret).to_string();
    let source = Source::from_bytes(Path::new("magyarorszag"), metadata.into_bytes())?;
    service::check(&source, Destination::Demo)?;
    engine.broker.register_client(source.text().as_bytes(), None, Replacing::Allowed).await?;
    Ok(secret)
}

/// Registers the portal that speaks SAML by what it says of itself, at the port of this run.
async fn register_by_metadata(engine: &Engine, portal: &Kenyszi) -> anyhow::Result<()> {
    let purposes = Some(read_purposes(Kenyszi::purposes().to_string().as_bytes())?);
    let options = SamlOptions { loopback: true, purposes, ..SamlOptions::default() };
    engine.broker.register_saml_service(portal.metadata()?.as_bytes(), &options, Replacing::Allowed).await?;
    Ok(())
}
