//! What a service's request asks of the sign-in, beyond what the service always demands.

use std::time::Duration;

use model::{AuthenticationContext, Level, Loa, Method, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Asking;

/// One requested authentication context, in our words (`decisions.md` section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Acr {
    /// At least this method in the one total order.
    Method(Method),
    /// At least this level of assurance.
    Loa(Loa),
    /// Two factors or more.
    MultiFactor,
    /// Whatever the service's minimum is.
    ServiceMinimum,
}

impl Acr {
    /// Whether a sign-in fulfils it. A stronger one does: an answer may say less than happened.
    pub fn fulfilled_by(self, context: &AuthenticationContext) -> bool {
        match self {
            Acr::Method(method) => context.method >= method,
            Acr::Loa(loa) => context.loa >= loa,
            Acr::MultiFactor => context.level() >= Level::Two,
            Acr::ServiceMinimum => true,
        }
    }

    /// Whether a sign-in by `method` could fulfil it, if its factors were bound as surely as can be.
    pub fn reachable_by(self, method: Method) -> bool {
        match self {
            Acr::Method(least) => method >= least,
            Acr::Loa(Loa::Low) | Acr::ServiceMinimum => true,
            // An e-mailed code is never more than low (`decisions.md` section 2).
            Acr::Loa(Loa::Substantial) => is_bound_surely(method),
            Acr::MultiFactor => method.level() >= Level::Two,
            Acr::Loa(Loa::High) => method.level() == Level::Three,
        }
    }

    /// Whether a sign-in is stronger than it asks for. Nothing is stronger than what asks for nothing.
    pub fn exceeded_by(self, context: &AuthenticationContext) -> bool {
        match self {
            Acr::Method(method) => context.method > method,
            Acr::Loa(loa) => context.loa > loa,
            Acr::MultiFactor => context.level() > Level::Two,
            Acr::ServiceMinimum => false,
        }
    }

    /// Whether a sign-in by `method` could be stronger than it asks for.
    fn exceedable_by(self, method: Method) -> bool {
        match self {
            Acr::Method(least) => method > least,
            Acr::Loa(Loa::Low) => is_bound_surely(method),
            Acr::Loa(Loa::Substantial) => method.level() == Level::Three,
            Acr::Loa(Loa::High) | Acr::ServiceMinimum => false,
            Acr::MultiFactor => method.level() > Level::Two,
        }
    }
}

/// Whether a method's factors can be bound more surely than by the password: another identity provider's sign-in is
/// at most as sure as its level lets it be.
fn is_bound_surely(method: Method) -> bool {
    match method {
        Method::Password | Method::EmailedCode => false,
        Method::AuthenticatorApp | Method::Passkey | Method::Wallet => true,
        Method::Upstream(level) => level >= Level::Two,
    }
}

/// How requested contexts are compared with a sign-in (SAML Core section 3.3.2.2.1). OpenID Connect knows the first
/// alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// One of them, or more: an answer may say less than happened, so *exact* and *minimum* are met alike.
    #[default]
    AtLeastOne,
    /// Not stronger than the strongest of them.
    AtMostOne,
    /// Stronger than every one of them.
    MoreThanAll,
}

/// Whether a requested context is a wish or a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Insistence {
    /// A preference: the answer says which value it fulfils, if any.
    #[default]
    Voluntary,
    /// A condition: without one of them there is no positive answer; an empty list cannot be met.
    Essential,
}

/// What one request asks of the sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Requested contexts in the requester's order of preference, each with its own spelling.
    pub acr: Vec<(Acr, String)>,
    /// Whether one of them must be met.
    pub insistence: Insistence,
    /// How they are compared.
    #[serde(default)]
    pub comparison: Comparison,
    /// The one method by which it may be done, if no other will do, be it stronger.
    #[serde(default)]
    pub by: Option<Method>,
    /// Longest accepted age of the sign-in; zero asks for a new one.
    pub max_age: Option<Duration>,
    /// The earliest sign-in accepted: set to the request's own instant by `prompt=login`.
    pub not_before: Option<Timestamp>,
    /// Whether the person is asked again what the service may receive (`prompt=consent`).
    #[serde(default)]
    pub asking: Asking,
}

impl Demand {
    /// The requested value that `context` fulfils first, in its requester's spelling.
    pub fn fulfilled_value(&self, context: &AuthenticationContext) -> Option<&str> {
        let says = |acr: &Acr| match self.comparison {
            Comparison::AtLeastOne => acr.fulfilled_by(context),
            Comparison::AtMostOne => acr.fulfilled_by(context) && !acr.exceeded_by(context),
            Comparison::MoreThanAll => false,
        };
        self.acr.iter().find(|(acr, _)| says(acr)).map(|(_, uri)| uri.as_str())
    }

    /// Whether a method may be used at all.
    pub fn admits(&self, method: Method) -> bool {
        self.by.is_none_or(|by| by == method)
    }

    /// Whether `context` says enough for an essential request.
    pub fn met_by(&self, context: &AuthenticationContext) -> bool {
        if !self.admits(context.method) {
            return false;
        }
        match self.insistence {
            Insistence::Voluntary => true,
            Insistence::Essential => match self.comparison {
                Comparison::AtLeastOne => self.acr.iter().any(|(acr, _)| acr.fulfilled_by(context)),
                Comparison::AtMostOne => self.acr.iter().any(|(acr, _)| !acr.exceeded_by(context)),
                Comparison::MoreThanAll => {
                    !self.acr.is_empty() && self.acr.iter().all(|(acr, _)| acr.exceeded_by(context))
                }
            },
        }
    }

    /// Whether signing in by `method` could say enough.
    pub fn reachable_by(&self, method: Method) -> bool {
        if !self.admits(method) {
            return false;
        }
        match self.insistence {
            Insistence::Voluntary => true,
            Insistence::Essential => match self.comparison {
                Comparison::AtLeastOne => self.acr.iter().any(|(acr, _)| acr.reachable_by(method)),
                // At its worst: what is bound more surely than it may be is refused when it is known.
                Comparison::AtMostOne => {
                    let weakest = AuthenticationContext { method, loa: Loa::Low, at: Timestamp::from_micros(0) };
                    self.acr.iter().any(|(acr, _)| !acr.exceeded_by(&weakest))
                }
                Comparison::MoreThanAll => {
                    !self.acr.is_empty() && self.acr.iter().all(|(acr, _)| acr.exceedable_by(method))
                }
            },
        }
    }

    /// The instant of a proof that was given at `now` for this very demand: it follows the request, even where the
    /// node that took the request has a clock ahead of the one that takes the proof.
    pub fn proved_at(&self, now: Timestamp) -> Timestamp {
        self.not_before.map_or(now, |asked| asked.max(now))
    }

    /// Whether a sign-in is recent enough at `now`.
    pub fn fresh_enough(&self, context: &AuthenticationContext, now: Timestamp) -> bool {
        self.max_age.is_none_or(|age| now.since(context.at) <= age && (age > Duration::ZERO || context.at >= now))
            && self.not_before.is_none_or(|earliest| context.at >= earliest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn context(method: Method, loa: Loa) -> AuthenticationContext {
        AuthenticationContext { method, loa, at: NOW }
    }

    #[test]
    fn what_fulfils_what() {
        use Acr::{Loa as AtLeast, Method as By, MultiFactor, ServiceMinimum};
        let password = context(Method::Password, Loa::Low);
        let app = context(Method::AuthenticatorApp, Loa::Low);
        let bound = context(Method::AuthenticatorApp, Loa::Substantial);
        let wallet = context(Method::Wallet, Loa::Substantial);
        #[rustfmt::skip]
        let table = [
            // requested                       password app    bound  wallet
            (By(Method::Password),             [true,  true,  true,  true]),
            (By(Method::AuthenticatorApp),     [false, true,  true,  true]),
            (By(Method::Wallet),               [false, false, false, true]),
            (AtLeast(Loa::Low),                [true,  true,  true,  true]),
            (AtLeast(Loa::Substantial),        [false, false, true,  true]),
            (AtLeast(Loa::High),               [false, false, false, false]),
            (MultiFactor,                      [false, true,  true,  true]),
            (ServiceMinimum,                   [true,  true,  true,  true]),
        ];
        for (acr, expected) in table {
            let got = [password, app, bound, wallet].map(|context| acr.fulfilled_by(&context));
            assert_eq!(got, expected, "{acr:?}");
        }
    }

    #[test]
    fn what_each_method_can_reach() {
        use Acr::{Loa as AtLeast, Method as By, MultiFactor, ServiceMinimum};
        #[rustfmt::skip]
        let table = [
            // requested                        up. 1  password up. 2 e-mail app    passkey up. 3 wallet
            (By(Method::Upstream(Level::One)),  [true,  true,  true,  true,  true,  true,  true,  true]),
            (By(Method::Password),              [false, true,  true,  true,  true,  true,  true,  true]),
            (By(Method::Upstream(Level::Two)),  [false, false, true,  true,  true,  true,  true,  true]),
            (By(Method::EmailedCode),           [false, false, false, true,  true,  true,  true,  true]),
            (By(Method::AuthenticatorApp),      [false, false, false, false, true,  true,  true,  true]),
            (By(Method::Passkey),               [false, false, false, false, false, true,  true,  true]),
            (By(Method::Upstream(Level::Three)),[false, false, false, false, false, false, true,  true]),
            (By(Method::Wallet),                [false, false, false, false, false, false, false, true]),
            (AtLeast(Loa::Low),                 [true,  true,  true,  true,  true,  true,  true,  true]),
            (AtLeast(Loa::Substantial),         [false, false, true,  false, true,  true,  true,  true]),
            (AtLeast(Loa::High),                [false, false, false, false, false, false, true,  true]),
            (MultiFactor,                       [false, false, true,  true,  true,  true,  true,  true]),
            (ServiceMinimum,                    [true,  true,  true,  true,  true,  true,  true,  true]),
        ];
        let sure = Loa::Substantial;
        let best = [Loa::Low, Loa::Low, sure, Loa::Low, sure, sure, Loa::High, Loa::High];
        for (acr, expected) in table {
            assert_eq!(Method::ALL.map(|method| acr.reachable_by(method)), expected, "{acr:?}");
            for ((method, loa), reachable) in Method::ALL.into_iter().zip(best).zip(expected) {
                assert_eq!(acr.fulfilled_by(&context(method, loa)), reachable, "{acr:?} {method:?} at its best");
            }
        }
    }

    /// Every comparison over every kind of value (SAML Core section 3.3.2.2.1).
    #[test]
    fn what_each_comparison_admits() {
        use Acr::{Loa as AtLeast, Method as By, MultiFactor, ServiceMinimum};
        use Comparison::{AtLeastOne, AtMostOne, MoreThanAll};
        let password = context(Method::Password, Loa::Low);
        let app = context(Method::AuthenticatorApp, Loa::Low);
        let bound = context(Method::AuthenticatorApp, Loa::Substantial);
        let wallet = context(Method::Wallet, Loa::Substantial);
        #[rustfmt::skip]
        let table = [
            // comparison, requested                                 password app    bound  wallet
            (AtLeastOne,  vec![By(Method::AuthenticatorApp)],         [false, true,  true,  true]),
            (AtLeastOne,  vec![By(Method::Wallet), MultiFactor],      [false, true,  true,  true]),
            (AtLeastOne,  vec![],                                     [false, false, false, false]),
            (AtMostOne,   vec![By(Method::Password)],                 [true,  false, false, false]),
            (AtMostOne,   vec![By(Method::AuthenticatorApp)],         [true,  true,  true,  false]),
            (AtMostOne,   vec![By(Method::Password), MultiFactor],    [true,  true,  true,  false]),
            (AtMostOne,   vec![AtLeast(Loa::Low)],                    [true,  true,  false, false]),
            (AtMostOne,   vec![ServiceMinimum],                       [true,  true,  true,  true]),
            (AtMostOne,   vec![],                                     [false, false, false, false]),
            (MoreThanAll, vec![By(Method::Password)],                 [false, true,  true,  true]),
            (MoreThanAll, vec![By(Method::Password), MultiFactor],    [false, false, false, true]),
            (MoreThanAll, vec![AtLeast(Loa::Low)],                    [false, false, true,  true]),
            (MoreThanAll, vec![By(Method::Wallet)],                   [false, false, false, false]),
            (MoreThanAll, vec![ServiceMinimum],                       [false, false, false, false]),
            (MoreThanAll, vec![],                                     [false, false, false, false]),
        ];
        for (comparison, acr, expected) in table {
            let acr: Vec<_> = acr.into_iter().map(|acr| (acr, format!("{acr:?}"))).collect();
            let demand = Demand { acr, insistence: Insistence::Essential, comparison, ..Demand::default() };
            for (context, met) in [password, app, bound, wallet].into_iter().zip(expected) {
                assert_eq!(demand.met_by(&context), met, "{demand:?} {context:?}");
                assert!(
                    !met || demand.reachable_by(context.method),
                    "met by what cannot reach it: {demand:?} {context:?}"
                );
                if let Some(value) = demand.fulfilled_value(&context) {
                    assert!(met, "{value} is told of what does not meet {demand:?}");
                }
            }
        }
    }

    #[test]
    fn an_answer_names_the_first_requested_value_that_it_fulfils() {
        let acr = [Acr::Method(Method::Wallet), Acr::MultiFactor, Acr::ServiceMinimum];
        let acr = acr.into_iter().zip(["urn:example:wallet", "urn:example:mfa", "urn:example:any"]);
        let demand = Demand { acr: acr.map(|(acr, uri)| (acr, uri.to_owned())).collect(), ..Demand::default() };
        #[rustfmt::skip]
        let table = [
            (Method::Password,         "urn:example:any"),
            (Method::AuthenticatorApp, "urn:example:mfa"),
            (Method::Wallet,           "urn:example:wallet"),
        ];
        for (method, uri) in table {
            assert_eq!(demand.fulfilled_value(&context(method, Loa::Low)), Some(uri), "{method:?}");
        }
        assert_eq!(Demand::default().fulfilled_value(&context(Method::Wallet, Loa::High)), None);
    }

    #[test]
    fn age_zero_and_prompt_login_ask_for_a_new_sign_in() {
        let old = AuthenticationContext { at: NOW - Duration::from_secs(10), ..context(Method::Wallet, Loa::Low) };
        let at_most = |seconds| Demand { max_age: Some(Duration::from_secs(seconds)), ..Demand::default() };
        assert!(at_most(10).fresh_enough(&old, NOW));
        assert!(!at_most(9).fresh_enough(&old, NOW));
        assert!(!at_most(0).fresh_enough(&old, NOW));
        let prompted = Demand { not_before: Some(NOW), ..Demand::default() };
        assert!(!prompted.fresh_enough(&old, NOW));
        assert!(prompted.fresh_enough(&context(Method::Wallet, Loa::Low), NOW + Duration::from_mins(1)));
    }
}
