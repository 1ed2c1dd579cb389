//! HTTP/1.1 as far as the load needs it: one connection, one request at a time, a length in every answer.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longer heads are no answer of ours.
const HEAD_BYTES: usize = 64 * 1024;

/// A connection that is kept open.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What came back.
#[derive(Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The fields of the head, in order.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.head.lines().skip(1);
        lines.filter_map(|line| line.split_once(':').map(|(name, value)| (name, value.trim())))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(named, _)| named.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("nobody listens on {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request whose answer does not end, and reads its head; what follows stays unread.
    pub(crate) async fn open_stream(mut self, request: &[u8]) -> anyhow::Result<(Response, TcpStream)> {
        self.stream.write_all(request).await?;
        let (response, _) = self.head().await?;
        Ok((response, self.stream))
    }

    async fn head(&mut self) -> anyhow::Result<(Response, usize)> {
        let head_bytes = loop {
            if let Some(at) = self.received.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            ensure!(self.received.len() < HEAD_BYTES, "an answer without an end of its head");
            self.read_more().await?;
        };
        let head = String::from_utf8(self.received[..head_bytes].to_vec())?;
        let status =
            head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("an answer without a status")?;
        Ok((Response { status, head, body: Vec::new() }, head_bytes))
    }

    /// Sends a request as it is and reads the answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Response> {
        self.stream.write_all(request).await?;
        let (mut response, head_bytes) = self.head().await?;
        let status = response.status;
        let length: usize = match response.header("content-length") {
            Some(length) => length.parse()?,
            None if status == 204 || status == 304 => 0,
            None => anyhow::bail!("an answer without content-length:\n{}", response.head),
        };
        while self.received.len() < head_bytes + length {
            self.read_more().await?;
        }
        response.body = self.received[head_bytes..head_bytes + length].to_vec();
        self.received.drain(..head_bytes + length);
        Ok(response)
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        ensure!(self.stream.read_buf(&mut self.received).await? > 0, "the connection was closed instead of an answer");
        Ok(())
    }
}

/// A request by a browser at `origin`, or by a service.
pub(crate) struct Request<'a> {
    pub(crate) origin: &'a str,
    pub(crate) path: &'a str,
    pub(crate) cookies: &'a str,
    /// Further lines of the head, each with its end.
    pub(crate) more: &'a str,
    /// The form that is posted; without one it is a GET.
    pub(crate) form: Option<&'a str>,
}

impl Request<'_> {
    /// The request as it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Request { origin, path, cookies, more, form } = self;
        let host = origin.split_once("://").map_or(*origin, |(_, host)| host);
        let method = if form.is_some() { "POST" } else { "GET" };
        let cookies = if cookies.is_empty() { String::new() } else { format!("cookie: {cookies}\r\n") };
        let body = match form {
            None => "\r\n".to_owned(),
            Some(form) => {
                let length = form.len();
                let media_type = "application/x-www-form-urlencoded";
                format!("content-type: {media_type}\r\ncontent-length: {length}\r\n\r\n{form}")
            }
        };
        format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{more}{cookies}{body}").into_bytes()
    }
}
