//! Receiving by SMTP (RFC 5321), strictly: a line ends with CRLF and with nothing else, so that two
//! servers can never differ about where a message ends.

mod command;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use model::Email;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{PostOffice, letter};
use command::{Dialogue, MESSAGE_BYTES, Turn};

/// The longest command with its CRLF, in bytes (section 4.5.3.1.4).
const COMMAND_BYTES: u64 = 512;
/// The longest line of a message with its CRLF, in bytes (section 4.5.3.1.6), and a dot that was doubled.
const LINE_BYTES: u64 = 1001;
/// How long the other side may take for a command, and for a whole message.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long to wait after the system could not accept a connection.
const RECOVERY: Duration = Duration::from_secs(1);
/// Conversations at one time.
const CONVERSATIONS: usize = 16;

/// Receives letters until `until` is done. Who is cut off by that was not told that its letter had
/// arrived, and sends it again.
pub async fn serve_smtp(listener: TcpListener, office: PostOffice, until: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONVERSATIONS));
    let mut conversations = JoinSet::new();
    tokio::pin!(until);
    loop {
        let accepted = tokio::select! {
            () = &mut until => return,
            accepted = listener.accept() => accepted,
        };
        // Only to forget those that have ended.
        while conversations.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let (office, place) = (office.clone(), Arc::clone(&places).try_acquire_owned());
                conversations.spawn(async move {
                    let ended = match place {
                        Ok(_place) => converse(stream, &office).await,
                        Err(_) => turn_away(stream).await,
                    };
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a conversation by SMTP broke off");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no connection by SMTP can be accepted");
                recover().await;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "nothing tells when the system can accept connections again")]
async fn recover() {
    tokio::time::sleep(RECOVERY).await;
}

async fn turn_away(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(b"421 posta.localhost too many conversations, try again later\r\n").await
}

/// Why a conversation cannot go on: what is said last.
enum Broken {
    Io(io::Error),
    With(&'static str),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Broken::Io(error)
    }
}

async fn converse(stream: TcpStream, office: &PostOffice) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    writer.write_all(b"220 posta.localhost ready\r\n").await?;
    match exchange(&mut reader, &mut writer, office).await {
        Ok(()) => Ok(()),
        Err(Broken::Io(error)) => Err(error),
        Err(Broken::With(reply)) => writer.write_all(reply.as_bytes()).await,
    }
}

async fn exchange(
    reader: &mut BufReader<OwnedReadHalf>,
    writer: &mut OwnedWriteHalf,
    office: &PostOffice,
) -> Result<(), Broken> {
    let mut dialogue = Dialogue::default();
    loop {
        let Some(line) = patiently(command_line(reader)).await? else {
            return Ok(());
        };
        match dialogue.command(&line) {
            Turn::Reply(reply) => writer.write_all(reply.as_bytes()).await?,
            Turn::Data(recipients) => {
                writer.write_all(b"354 go ahead, end with a dot on a line of its own\r\n").await?;
                let message = patiently(message(reader)).await?;
                writer.write_all(receive(office, recipients, message).await.as_bytes()).await?;
            }
            Turn::Bye(reply) => {
                writer.write_all(reply.as_bytes()).await?;
                return Ok(());
            }
        }
    }
}

async fn patiently<T>(reading: impl Future<Output = Result<T, Broken>>) -> Result<T, Broken> {
    timeout(PATIENCE, reading).await.unwrap_or(Err(Broken::With("421 posta.localhost waited too long\r\n")))
}

/// A command without its CRLF; `None` when the other side has gone.
async fn command_line(reader: &mut BufReader<OwnedReadHalf>) -> Result<Option<String>, Broken> {
    let line = line(reader, COMMAND_BYTES, "500 5.5.2 a command has at most 512 bytes\r\n").await?;
    let Some(line) = line else {
        return Ok(None);
    };
    if !line.is_ascii() {
        return Err(Broken::With("500 5.5.2 a command is ASCII\r\n"));
    }
    Ok(String::from_utf8(line).ok())
}

/// A line without its CRLF; `None` at the end of the stream.
async fn line(
    reader: &mut BufReader<OwnedReadHalf>,
    limit: u64,
    too_long: &'static str,
) -> Result<Option<Vec<u8>>, Broken> {
    let mut line = Vec::new();
    (&mut *reader).take(limit).read_until(b'\n', &mut line).await?;
    if line.is_empty() {
        return Ok(None);
    }
    let Some(words) = line.strip_suffix(b"\n") else {
        let is_full = u64::try_from(line.len()) == Ok(limit);
        return if is_full { Err(Broken::With(too_long)) } else { Ok(None) };
    };
    match words.strip_suffix(b"\r") {
        Some(words) if !words.contains(&b'\r') && !words.contains(&0) => Ok(Some(words.to_vec())),
        Some(_) | None => Err(Broken::With("500 5.5.2 a line ends with CRLF and has no other CR, LF or NUL\r\n")),
    }
}

/// A message, or `None` when it is too large.
async fn message(reader: &mut BufReader<OwnedReadHalf>) -> Result<Option<Vec<u8>>, Broken> {
    let mut message = Some(Vec::new());
    loop {
        let line = line(reader, LINE_BYTES, "500 5.6.0 a line of a message has at most 1000 bytes\r\n").await?;
        let Some(line) = line else {
            return Err(Broken::Io(io::ErrorKind::UnexpectedEof.into()));
        };
        if line == b"." {
            return Ok(message);
        }
        // Section 4.5.2: a dot at the beginning was doubled.
        let words = line.strip_prefix(b".").unwrap_or(&line);
        message = message.filter(|message| message.len() + words.len() + 2 <= MESSAGE_BYTES);
        if let Some(message) = &mut message {
            message.extend_from_slice(words);
            message.extend_from_slice(b"\r\n");
        }
    }
}

async fn receive(office: &PostOffice, recipients: Vec<Email>, message: Option<Vec<u8>>) -> &'static str {
    let Some(message) = message else {
        return "552 5.3.4 a message has at most 262144 bytes\r\n";
    };
    let words = letter::read(&message);
    match office.letters.deliver(recipients, words, office.demo.clock.now()).await {
        Ok(()) => "250 2.0.0 received\r\n",
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a letter cannot be kept");
            "451 4.3.0 try again later\r\n"
        }
    }
}
