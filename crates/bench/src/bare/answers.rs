//! A bare axum server that gives recorded answers, with the same status, fields and bytes, and, where it is
//! given a database, does before each answer the work that a sign-in cannot do without.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::routing::any;
use axum::serve::ListenerExt as _;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::work::{Protocol, Work};
use crate::http::{Connection, Response};
use crate::machine::Cores;
use crate::process::Program;

/// A recorded answer. Its address is `/` and its index.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// What the server adds to every answer itself.
const OF_THE_SERVER: [&str; 3] = ["date", "content-length", "connection"];

impl Answer {
    pub(crate) fn of(response: &Response) -> Self {
        let own = |name: &str| !OF_THE_SERVER.iter().any(|added| name.eq_ignore_ascii_case(added));
        let headers = response.headers().filter(|(name, _)| own(name));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Self { status: response.status, headers, body: response.text().into_owned() }
    }
}

/// The child's part: serves the answers of a file, and says where.
pub(crate) fn serve(file: &Path, database: Option<&Path>, protocol: Protocol) -> anyhow::Result<()> {
    let work = database.map(|database| Work::prepare(database, protocol)).transpose()?.map(Arc::new);
    let answers: Vec<Answer> = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut router = Router::new();
    for (nth, answer) in answers.into_iter().enumerate() {
        let status = StatusCode::from_u16(answer.status)?;
        let mut headers = HeaderMap::new();
        for (name, value) in answer.headers {
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        let (headers, body) = (Arc::new(headers), Bytes::from(answer.body));
        let work = work.clone();
        let give = move |_form: Bytes| async move {
            match &work {
                Some(work) if let Err(error) = work.of_request(nth).await => {
                    (StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::new(), Bytes::from(format!("{error:#}")))
                }
                Some(_) | None => (status, HeaderMap::clone(&headers), body),
            }
        };
        router = router.route(&format!("/{nth}"), any(give));
    }
    // As many threads as cores, as the gateway has.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, router).await?;
        Ok(())
    })
}

/// The parent's part: a server that runs.
pub(crate) struct BareServer {
    pub(crate) program: Program,
    pub(crate) address: SocketAddr,
}

impl BareServer {
    /// Starts it on the core of what is measured; with a copy of a gateway's database it does a sign-in's work.
    pub(crate) fn start(
        cores: &Cores,
        folder: &Path,
        answers: &[Answer],
        work: Option<(&Path, Protocol)>,
    ) -> anyhow::Result<Self> {
        let file = folder.join("answers.json");
        std::fs::write(&file, serde_json::to_vec(answers)?)?;
        let mut command = cores.pinned(&std::env::current_exe()?);
        command.arg("serve-answers").arg(&file);
        if let Some((database, protocol)) = work {
            command.arg(database).args(["--protocol", protocol.word()]);
        }
        let mut program = Program::start_talking(command)?;
        let told = program.child().stdout.take().context("standard output")?;
        let mut line = String::new();
        BufReader::new(told).read_line(&mut line)?;
        Ok(Self { program, address: line.trim().parse().context("the bare server says no address")? })
    }

    pub(crate) async fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(self.address).await
    }
}
