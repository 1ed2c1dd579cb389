//! Every module of the OpenID Foundation's plans for issuers (`oid4vci-1_0-issuer-*`) and for verifiers
//! (`oid4vp-1final-verifier-*`) of credentials, which are those of the profile HAIP too: a test of ours has its name.

/// What a module is about, as a test's name begins.
const ISSUER: &str = "oid4vci_1_0_issuer_";
const VERIFIER: &str = "oid4vp_1final_verifier_";

/// The issuer's modules, as of August 2026.
const ISSUER_MODULES: [&str; 21] = [
    "oid4vci-1_0-issuer-metadata-test",
    "oid4vci-1_0-issuer-metadata-test-signed",
    "oid4vci-1_0-issuer-happy-flow",
    "oid4vci-1_0-issuer-happy-flow-additional-requests",
    "oid4vci-1_0-issuer-happy-flow-multiple-clients",
    "oid4vci-1_0-issuer-happy-flow-skip-notification",
    "oid4vci-1_0-issuer-batch-issuance",
    "oid4vci-1_0-issuer-fail-invalid-nonce",
    "oid4vci-1_0-issuer-fail-invalid-jwt-proof-signature",
    "oid4vci-1_0-issuer-fail-invalid-key-attestation-signature",
    "oid4vci-1_0-issuer-fail-invalid-client-attestation-signature",
    "oid4vci-1_0-issuer-fail-invalid-client-attestation-pop-signature",
    "oid4vci-1_0-issuer-fail-client-attestation-exp-in-past",
    "oid4vci-1_0-issuer-fail-client-attestation-no-sub",
    "oid4vci-1_0-issuer-fail-client-attestation-pop-wrong-aud",
    "oid4vci-1_0-issuer-fail-mismatched-client-attestation-pop-key",
    "oid4vci-1_0-issuer-fail-missing-proof",
    "oid4vci-1_0-issuer-fail-unsupported-encryption-algorithm",
    "oid4vci-1_0-issuer-fail-unknown-credential-configuration",
    "oid4vci-1_0-issuer-fail-unknown-credential-identifier",
    "oid4vci-1_0-issuer-fail-on-access-token-in-query",
];

/// The verifier's modules, as of August 2026.
const VERIFIER_MODULES: [&str; 12] = [
    "oid4vp-1final-verifier-happy-flow",
    "oid4vp-1final-verifier-minimal-cnf-jwk",
    "oid4vp-1final-verifier-request-uri-method-post",
    "oid4vp-1final-verifier-request-uri-fetched-twice",
    "oid4vp-1final-verifier-invalid-session-transcript",
    "oid4vp-1final-verifier-invalid-kb-jwt-signature",
    "oid4vp-1final-verifier-invalid-credential-signature",
    "oid4vp-1final-verifier-invalid-sd-hash",
    "oid4vp-1final-verifier-invalid-kb-jwt-nonce",
    "oid4vp-1final-verifier-invalid-kb-jwt-aud",
    "oid4vp-1final-verifier-kb-jwt-iat-in-past",
    "oid4vp-1final-verifier-kb-jwt-iat-in-future",
];

/// Where the verifier's modules are mirrored: through HTTP, and in the language itself.
const VERIFIER_TESTS: [&str; 7] = [
    include_str!("../oidc/wallet/mod.rs"),
    include_str!("../oidc/wallet/hostile.rs"),
    include_str!("../oidc/wallet/oidf.rs"),
    include_str!("../../../wallet/src/openid4vp/tests/answers.rs"),
    include_str!("../../../wallet/src/openid4vp/tests/requests.rs"),
    include_str!("../../../wallet/src/sd_jwt/tests.rs"),
    include_str!("../../../wallet/src/sd_jwt/tests/hostile.rs"),
];

/// The words of a module's name as a function's.
fn function(module: &str) -> String {
    module.replace('-', "_")
}

/// The names of the tests of a file that are named by a module, from where its name begins: rows of the security
/// catalogue stand before it.
fn named(file: &str, prefix: &str) -> Vec<String> {
    let tests = file.split("test]\n").skip(1).filter_map(|test| {
        let (name, _) = test.lines().next()?.split_once("fn ")?.1.split_once('(')?;
        Some(name[name.find(prefix)?..].to_owned())
    });
    tests.collect()
}

/// The names of all tests of this folder that are named by one of the issuer's modules.
fn of_issuer() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wallet_issuing");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|file| file.is_file()).map(|file| std::fs::read_to_string(file).unwrap());
    texts.flat_map(|text| named(&text, ISSUER)).collect()
}

#[test]
fn each_module_of_issuers_is_mirrored() {
    let mirrored = of_issuer();
    for module in ISSUER_MODULES {
        assert!(mirrored.iter().any(|name| *name == function(module)), "{module} is not mirrored");
    }
    for name in mirrored {
        let begins = ISSUER_MODULES.iter().any(|module| name.starts_with(&function(module)));
        assert!(begins, "{name} mirrors no module");
    }
}

#[test]
fn each_module_of_verifiers_is_mirrored() {
    let mirrored: Vec<String> = VERIFIER_TESTS.iter().flat_map(|file| named(file, VERIFIER)).collect();
    for module in VERIFIER_MODULES {
        assert!(mirrored.iter().any(|name| *name == function(module)), "{module} is not mirrored");
    }
    // A module may be several tests, and a test several modules: each begins with the name of one.
    for name in mirrored {
        let begins = VERIFIER_MODULES.iter().any(|module| name.starts_with(&function(module)));
        assert!(begins, "{name} mirrors no module");
    }
}
