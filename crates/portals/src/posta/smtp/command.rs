//! What is said: the commands of RFC 5321 in their order, without any input or output.

use model::Email;

/// The largest message, in bytes; said in answer to EHLO (RFC 1870).
pub(super) const MESSAGE_BYTES: usize = 256 * 1024;
/// The most recipients of one message (section 4.5.3.1.8).
const RECIPIENTS: usize = 100;

/// What to do after a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Say this, and listen on.
    Reply(&'static str),
    /// Take a message in, for these.
    Data(Vec<Email>),
    /// Say this, and hang up.
    Bye(&'static str),
}

/// Where a conversation is.
#[derive(Debug, Default)]
pub(super) struct Dialogue(State);

#[derive(Debug, Default)]
enum State {
    /// Before HELO or EHLO.
    #[default]
    Unknown,
    /// Between messages.
    Greeted,
    /// After MAIL.
    Mail(Vec<Email>),
}

impl Dialogue {
    /// Takes one command in, without its CRLF.
    pub(super) fn command(&mut self, line: &str) -> Turn {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "HELO" if !rest.trim().is_empty() => self.greet("250 posta.localhost\r\n"),
            "EHLO" if !rest.trim().is_empty() => {
                self.greet("250-posta.localhost\r\n250-8BITMIME\r\n250-SIZE 262144\r\n250 ENHANCEDSTATUSCODES\r\n")
            }
            "HELO" | "EHLO" => Turn::Reply("501 5.5.4 say who you are\r\n"),
            "MAIL" => self.mail(rest),
            "RCPT" => self.rcpt(rest),
            "DATA" if rest.is_empty() => self.data(),
            "RSET" if rest.is_empty() => {
                if !matches!(self.0, State::Unknown) {
                    self.0 = State::Greeted;
                }
                Turn::Reply("250 2.0.0 forgotten\r\n")
            }
            "NOOP" => Turn::Reply("250 2.0.0 still here\r\n"),
            "QUIT" if rest.is_empty() => Turn::Bye("221 2.0.0 posta.localhost closes\r\n"),
            "DATA" | "RSET" | "QUIT" => Turn::Reply("501 5.5.4 this command has no parameter\r\n"),
            "VRFY" => Turn::Reply("252 2.1.5 send it and it will arrive\r\n"),
            "EXPN" | "HELP" | "TURN" | "AUTH" | "STARTTLS" => Turn::Reply("502 5.5.1 not offered\r\n"),
            _ => Turn::Reply("500 5.5.1 no such command\r\n"),
        }
    }

    fn greet(&mut self, reply: &'static str) -> Turn {
        self.0 = State::Greeted;
        Turn::Reply(reply)
    }

    fn mail(&mut self, rest: &str) -> Turn {
        match self.0 {
            State::Unknown => return Turn::Reply("503 5.5.1 say EHLO first\r\n"),
            State::Mail(_) => return Turn::Reply("503 5.5.1 one sender a message\r\n"),
            State::Greeted => {}
        }
        let Some((path, parameters)) = path(rest, "FROM:") else {
            return Turn::Reply("501 5.5.4 say MAIL FROM:<address>\r\n");
        };
        // The empty path is a report's (section 4.5.5).
        if !path.is_empty() && Email::parse(path).is_err() {
            return Turn::Reply("553 5.1.7 this is no address\r\n");
        }
        for parameter in parameters.split_ascii_whitespace() {
            if let Some(refusal) = refused(&parameter.to_ascii_uppercase()) {
                return Turn::Reply(refusal);
            }
        }
        self.0 = State::Mail(Vec::new());
        Turn::Reply("250 2.1.0 go on\r\n")
    }

    fn rcpt(&mut self, rest: &str) -> Turn {
        let State::Mail(recipients) = &mut self.0 else {
            return Turn::Reply("503 5.5.1 say MAIL first\r\n");
        };
        let Some((path, parameters)) = path(rest, "TO:") else {
            return Turn::Reply("501 5.5.4 say RCPT TO:<address>\r\n");
        };
        if !parameters.is_empty() {
            return Turn::Reply("555 5.5.4 no such parameter\r\n");
        }
        let Ok(recipient) = Email::parse(path) else {
            return Turn::Reply("553 5.1.3 this is no address\r\n");
        };
        if recipients.len() >= RECIPIENTS {
            return Turn::Reply("452 4.5.3 a message has at most 100 recipients\r\n");
        }
        if !recipients.contains(&recipient) {
            recipients.push(recipient);
        }
        Turn::Reply("250 2.1.5 go on\r\n")
    }

    fn data(&mut self) -> Turn {
        match &mut self.0 {
            State::Mail(recipients) if recipients.is_empty() => Turn::Reply("554 5.5.1 nobody to give it to\r\n"),
            State::Mail(recipients) => {
                let recipients = std::mem::take(recipients);
                self.0 = State::Greeted;
                Turn::Data(recipients)
            }
            State::Unknown | State::Greeted => Turn::Reply("503 5.5.1 say MAIL first\r\n"),
        }
    }
}

/// The path between the angle brackets after `keyword`, and what follows it.
fn path<'l>(rest: &'l str, keyword: &str) -> Option<(&'l str, &'l str)> {
    let (head, tail) = rest.split_at_checked(keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (path, parameters) = tail.strip_prefix('<')?.split_once('>')?;
    let separated = parameters.is_empty() || parameters.starts_with(' ');
    separated.then_some((path, parameters.trim()))
}

/// Why a parameter of MAIL is refused, if it is.
fn refused(parameter: &str) -> Option<&'static str> {
    match parameter.split_once('=') {
        Some(("SIZE", size)) => match size.parse::<usize>() {
            Ok(size) if size <= MESSAGE_BYTES => None,
            Ok(_) => Some("552 5.3.4 a message has at most 262144 bytes\r\n"),
            Err(_) => Some("501 5.5.4 a size is a number\r\n"),
        },
        Some(("BODY", "7BIT" | "8BITMIME")) => None,
        Some(_) | None => Some("555 5.5.4 no such parameter\r\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(dialogue: &mut Dialogue, line: &str) -> String {
        match dialogue.command(line) {
            Turn::Reply(reply) | Turn::Bye(reply) => reply[..3].to_owned(),
            Turn::Data(recipients) => recipients.iter().map(Email::as_str).collect::<Vec<_>>().join(" "),
        }
    }

    #[test]
    fn commands_have_their_order_and_their_form() {
        #[rustfmt::skip]
        let table: [(&[&str], &str); 27] = [
            // before                                                      then                                    answer
            // no greeting, no mail
            (&["MAIL FROM:<a@b.hu>"],                                                                               "503"),
            (&["RCPT TO:<a@b.hu>"],                                                                                 "503"),
            (&["DATA"],                                                                                             "503"),
            (&["EHLO"],                                                                                             "501"),
            (&["helo x"],                                                                                           "250"),
            (&["NOOP anything"],                                                                                    "250"),
            (&["QUIT"],                                                                                             "221"),
            (&["QUIT now"],                                                                                         "501"),
            (&["STARTTLS"],                                                                                         "502"),
            (&["GET / HTTP/1.1"],                                                                                   "500"),
            (&[""],                                                                                                 "500"),
            (&["EHLO x", "MAIL FROM:<>"],                                                                           "250"),
            (&["EHLO x", "mail from:<a@b.hu> size=262144 body=8BITMIME"],                                           "250"),
            (&["EHLO x", "MAIL FROM:<a@b.hu> SIZE=262145"],                                                         "552"),
            (&["EHLO x", "MAIL FROM:<a@b.hu> SIZE=-1"],                                                             "501"),
            (&["EHLO x", "MAIL FROM:<a@b.hu> SMTPUTF8"],                                                            "555"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>SIZE=1"],                                                               "501"),
            (&["EHLO x", "MAIL FROM: <a@b.hu>"],                                                                    "501"),
            (&["EHLO x", "MAIL FROM:a@b.hu"],                                                                       "501"),
            (&["EHLO x", "MAIL FROM:<@relay:a@b.hu>"],                                                              "553"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>", "MAIL FROM:<a@b.hu>"],                                               "503"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>", "DATA"],                                                             "554"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>", "RCPT TO:<>"],                                                       "553"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>", "RCPT TO:<c@d.hu> NOTIFY=NEVER"],                                    "555"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>", "RCPT TO:<c@d.hu>", "RSET", "DATA"],                                 "503"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>", "RCPT TO:<c@d.hu>", "EHLO y", "DATA"],                               "503"),
            (&["EHLO x", "MAIL FROM:<a@b.hu>", "RCPT TO:<c@d.hu>", "RCPT TO:<c@d.hu>", "RCPT TO:<e@f.hu>", "DATA"], "c@d.hu e@f.hu"),
        ];
        for (lines, answer) in table {
            let mut dialogue = Dialogue::default();
            let last = lines.iter().map(|line| say(&mut dialogue, line)).last();
            assert_eq!(last.as_deref(), Some(answer), "{lines:?}");
        }
    }

    #[test]
    fn the_hundred_and_first_recipient_must_wait() {
        let mut dialogue = Dialogue::default();
        say(&mut dialogue, "EHLO x");
        say(&mut dialogue, "MAIL FROM:<>");
        for number in 0..RECIPIENTS {
            assert_eq!(say(&mut dialogue, &format!("RCPT TO:<a{number}@b.hu>")), "250");
        }
        assert_eq!(say(&mut dialogue, "RCPT TO:<x@b.hu>"), "452");
    }
}
