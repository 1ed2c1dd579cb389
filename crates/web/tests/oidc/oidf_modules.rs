//! Every module of the OpenID Foundation's plans for an OpenID Connect provider: a test of ours has
//! its name, or it stands in [`NOT_APPLICABLE`] with the reason.

/// The modules of the plans basic, config, dynamic, RP-initiated, back-channel and front-channel
/// logout, session management and third-party-initiated login, and the two of code reuse, as of
/// August 2026.
const MODULES: [&str; 76] = [
    "oidcc-server",
    "oidcc-response-type-missing",
    "oidcc-idtoken-signature",
    "oidcc-idtoken-unsigned",
    "oidcc-userinfo-get",
    "oidcc-userinfo-post-header",
    "oidcc-userinfo-post-body",
    "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
    "oidcc-scope-profile",
    "oidcc-scope-email",
    "oidcc-scope-address",
    "oidcc-scope-phone",
    "oidcc-scope-all",
    "oidcc-alternate-happy-flow",
    "oidcc-display-page",
    "oidcc-display-popup",
    "oidcc-prompt-login",
    "oidcc-prompt-none-not-logged-in",
    "oidcc-prompt-none-logged-in",
    "oidcc-max-age-1",
    "oidcc-max-age-10000",
    "oidcc-ensure-request-with-unknown-parameter-succeeds",
    "oidcc-id-token-hint",
    "oidcc-login-hint",
    "oidcc-ui-locales",
    "oidcc-claims-locales",
    "oidcc-ensure-request-with-acr-values-succeeds",
    "oidcc-ensure-registered-redirect-uri",
    "oidcc-ensure-post-request-succeeds",
    "oidcc-server-client-secret-post",
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
    "oidcc-claims-essential",
    "oidcc-ensure-request-object-with-redirect-uri",
    "oidcc-refresh-token",
    "oidcc-ensure-request-with-valid-pkce-succeeds",
    "oidcc-codereuse",
    "oidcc-codereuse-30seconds",
    "oidcc-discovery-endpoint-verification",
    "oidcc-rp-initiated-logout-discovery-endpoint-verification",
    "oidcc-rp-initiated-logout",
    "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-modified-id-token-hint",
    "oidcc-rp-initiated-logout-no-id-token-hint",
    "oidcc-rp-initiated-logout-no-params",
    "oidcc-rp-initiated-logout-no-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-no-state",
    "oidcc-rp-initiated-logout-only-state",
    "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-bad-id-token-hint",
    "oidcc-backchannel-logout-discovery-endpoint-verification",
    "oidcc-backchannel-rp-initiated-logout",
    "oidcc-idtoken-rs256",
    "oidcc-userinfo-rs256",
    "oidcc-ensure-redirect-uri-in-authorization-request",
    "oidcc-redirect-uri-query-OK",
    "oidcc-redirect-uri-query-mismatch",
    "oidcc-redirect-uri-query-added",
    "oidcc-redirect-uri-regfrag",
    "oidcc-registration-logo-uri",
    "oidcc-registration-policy-uri",
    "oidcc-registration-tos-uri",
    "oidcc-registration-jwks-uri",
    "oidcc-registration-sector-uri",
    "oidcc-registration-sector-bad",
    "oidcc-server-rotate-keys",
    "oidcc-refresh-token-rp-key-rotation",
    "oidcc-request-uri-unsigned",
    "oidcc-request-uri-signed-rs256",
    "oidcc-ensure-client-assertion-with-iss-aud-succeeds",
    "oidcc-frontchannel-logout-discovery-endpoint-verification",
    "oidcc-frontchannel-rp-initiated-logout",
    "oidcc-session-management-discovery-endpoint-verification",
    "oidcc-session-management-rp-initiated-logout",
    "oidcc-3rd_party-init-login",
    "oidcc-3rd_party-init-login-nohttps",
];

const OPERATOR: &str = "an operator registers clients: there is no registration endpoint, nothing is fetched";
const NO_REFRESH: &str = "refresh tokens are not issued, and grant_types_supported does not name them";
const NO_REFERENCE: &str = "request_uri_parameter_supported is false; the basic plan's module checks the refusal";
const BACK_CHANNEL: &str = "clients are told by back-channel logout alone; discovery names no other way";
const NO_START: &str = "this provider starts no sign-in by itself";

/// Modules about what this provider does not do, and says so in discovery.
const NOT_APPLICABLE: [(&str, &str); 16] = [
    ("oidcc-refresh-token", NO_REFRESH),
    ("oidcc-refresh-token-rp-key-rotation", NO_REFRESH),
    ("oidcc-registration-logo-uri", OPERATOR),
    ("oidcc-registration-policy-uri", OPERATOR),
    ("oidcc-registration-tos-uri", OPERATOR),
    ("oidcc-registration-jwks-uri", OPERATOR),
    ("oidcc-registration-sector-uri", OPERATOR),
    ("oidcc-registration-sector-bad", OPERATOR),
    ("oidcc-request-uri-unsigned", NO_REFERENCE),
    ("oidcc-request-uri-signed-rs256", NO_REFERENCE),
    ("oidcc-frontchannel-logout-discovery-endpoint-verification", BACK_CHANNEL),
    ("oidcc-frontchannel-rp-initiated-logout", BACK_CHANNEL),
    ("oidcc-session-management-discovery-endpoint-verification", BACK_CHANNEL),
    ("oidcc-session-management-rp-initiated-logout", BACK_CHANNEL),
    ("oidcc-3rd_party-init-login", NO_START),
    ("oidcc-3rd_party-init-login-nohttps", NO_START),
];

/// The files that mirror modules.
const TESTS: [&str; 4] = [
    include_str!("oidf_basic.rs"),
    include_str!("oidf_logout.rs"),
    include_str!("oidf_dynamic.rs"),
    include_str!("discovery.rs"),
];

/// The words of a module's name as a function's.
fn function(module: &str) -> String {
    module.replace('-', "_").to_lowercase()
}

fn is_mirrored(module: &str) -> bool {
    let begins = format!("#[tokio::test]\nasync fn {}() {{\n", function(module));
    TESTS.iter().any(|file| file.contains(&begins))
}

#[test]
fn each_module_is_mirrored_or_does_not_apply_for_a_reason() {
    for module in MODULES {
        let excused = NOT_APPLICABLE.iter().filter(|(name, _)| *name == module).count();
        assert_eq!(usize::from(is_mirrored(module)) + excused, 1, "{module}");
    }
    assert!(NOT_APPLICABLE.iter().all(|(name, _)| MODULES.contains(name)));
}

#[test]
fn each_test_with_a_modules_name_mirrors_one() {
    for file in TESTS {
        for line in file.lines() {
            let Some(name) = line.strip_prefix("async fn oidcc_").and_then(|rest| rest.split_once('(')) else {
                continue;
            };
            let name = format!("oidcc_{}", name.0);
            assert!(MODULES.iter().any(|module| function(module) == name), "{name} mirrors no module");
        }
    }
}
