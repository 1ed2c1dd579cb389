//! Every module of the OpenID Foundation's plans for an OpenID Connect provider: a test of ours has
//! its name, or it stands in [`NOT_APPLICABLE`] with the reason.

/// The modules of the plans basic, config, RP-initiated logout and back-channel logout, and the two
/// of code reuse, as of August 2026.
const MODULES: [&str; 52] = [
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
];

/// Modules about what this provider does not do, and says so in discovery.
const NOT_APPLICABLE: [(&str, &str); 2] = [
    ("oidcc-idtoken-unsigned", "no client may register unsigned ID tokens: `none` is no algorithm here"),
    ("oidcc-refresh-token", "refresh tokens are not issued, and grant_types_supported does not name them"),
];

/// The files that mirror modules.
const TESTS: [&str; 3] = [include_str!("oidf_basic.rs"), include_str!("oidf_logout.rs"), include_str!("discovery.rs")];

fn is_mirrored(module: &str) -> bool {
    let begins = format!("#[tokio::test]\nasync fn {}() {{\n", module.replace('-', "_"));
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
            let module = format!("oidcc-{}", name.0.replace('_', "-"));
            assert!(MODULES.contains(&module.as_str()), "{module} is no module");
        }
    }
}
