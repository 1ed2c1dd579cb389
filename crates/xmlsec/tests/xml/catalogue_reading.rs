//! Rows of the catalogue of bad inputs: what is no document of ours before anybody asks who signed it.
//! That bombs are refused at once is measured by the benchmark; that they are refused, here.

use xmlsec::{Document, Limits, XmlError, canonical};

use crate::party::{genuine, numbered, read};

fn refused(octets: &[u8]) -> Option<&'static str> {
    Document::parse(octets, &Limits::MESSAGE).err().map(XmlError::code)
}

fn refused_metadata(octets: &[u8]) -> Option<&'static str> {
    Document::parse(octets, &Limits::METADATA).err().map(XmlError::code)
}

#[test]
fn s11_more_than_one_document() {
    for text in [
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a/></a>",
        "<a></b>",
        "<a>",
        "",
        " ",
        "<a/>&#x20;",
        "<a b='1' b='2'/>",
        "<x:a/>",
    ] {
        assert_eq!(refused(text.as_bytes()), Some("not-wellformed"), "{text}");
        assert_eq!(refused_metadata(text.as_bytes()), Some("not-wellformed"), "{text}");
    }
    assert_eq!(refused(b" \n<a/>\n "), None);
}

#[test]
fn s15_and_s17_comments_anywhere() {
    let good = genuine();
    for (from, to) in [
        ("kovacs.peter", "kovacs<!---->.peter"),
        ("kovacs.peter", "<!-- -->kovacs.peter"),
        ("<samlp:Status>", "<!-- outside of what is signed --><samlp:Status>"),
        ("<ds:DigestValue>", "<ds:DigestValue><!--x-->"),
        ("</samlp:Response>", "</samlp:Response><!---->"),
        ("<samlp:Response ", "<!----><samlp:Response "),
    ] {
        assert_eq!(read(&good.replace(from, to)), Err("comment"), "{to}");
    }
    // In a value it is no comment, but no value either.
    assert_eq!(refused(b"<a b='<!---->'/>"), Some("not-wellformed"));
}

#[test]
fn s16_instructions_sections_and_entities() {
    let good = genuine();
    for (to, code) in [
        ("kovacs<?x y?>.peter", "pi"),
        ("kovacs<?xml version=\"1.0\"?>.peter", "pi"),
        ("<![CDATA[kovacs.peter]]>", "cdata"),
        ("kovacs&foo;.peter", "entity"),
        ("kovacs&nbsp;.peter", "entity"),
        ("kovacs&.peter", "not-wellformed"),
        ("kovacs&#0;.peter", "not-wellformed"),
        ("kovacs&#x1;.peter", "not-wellformed"),
        ("kovacs&#xd800;.peter", "not-wellformed"),
        ("kovacs&#x110000;.peter", "not-wellformed"),
        ("kovacs&#99999999999;.peter", "not-wellformed"),
        ("kovacs&#xfffe;.peter", "not-wellformed"),
        ("kovacs&#+46;.peter", "not-wellformed"),
        ("kovacs&#;.peter", "not-wellformed"),
        ("kovacs\u{1}.peter", "not-wellformed"),
        ("kovacs\u{fffe}.peter", "not-wellformed"),
        ("kovacs]]>.peter", "not-wellformed"),
        // A character as any other, that is not in what was signed.
        ("kovacs&#x200b;.peter", "digest"),
    ] {
        assert_eq!(read(&good.replace("kovacs.peter", to)), Err(code), "{to}");
    }
    assert_eq!(read(&good.replace("kovacs.peter", "kovacs&#46;p&#x65;ter")), Ok("kovacs.peter".to_owned()));
    assert_eq!(refused(b"<?xml version=\"1.0\"?><?x?><a/>"), Some("pi"));
}

#[test]
fn s18_relative_namespaces() {
    for uri in ["../x", "x", "/x", "#x", "//x/y", "&#x2e;./x", ":x"] {
        assert_eq!(refused(format!("<a xmlns:b='{uri}'/>").as_bytes()), Some("ns-relative"), "{uri}");
        assert_eq!(refused_metadata(format!("<a><c xmlns='{uri}'/></a>").as_bytes()), Some("ns-relative"), "{uri}");
    }
    // No prefix may be taken away in Namespaces 1.0; the default may.
    assert_eq!(refused(b"<a xmlns='urn:a'><b xmlns=''/></a>"), None);
}

#[test]
fn s20_attributes_that_a_dtd_adds() {
    let dtd = "<!DOCTYPE a [<!ATTLIST a ID CDATA '_a'>]><a/>";
    assert_eq!(refused(dtd.as_bytes()), Some("dtd"));
}

#[test]
fn s35_external_entities() {
    for dtd in [
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'https://evil.example/x'> %x;]><a/>",
        "<!DOCTYPE a SYSTEM 'https://evil.example/x.dtd'><a/>",
        "<!DOCTYPE a PUBLIC '-//X' 'https://evil.example/x.dtd'><a/>",
        "<?xml version='1.0'?>\n<!DOCTYPE a><a/>",
        "<!DOCTYPE a [",
        "<a/><!DOCTYPE a>",
        "<!ENTITY x 'y'><a/>",
        "<!doctype a><a/>",
    ] {
        assert_eq!(refused(dtd.as_bytes()), Some("dtd"), "{dtd}");
        assert_eq!(refused_metadata(dtd.as_bytes()), Some("dtd"), "{dtd}");
    }
    assert_eq!(refused_metadata(b"<!--x--><!DOCTYPE a><a/>"), Some("dtd"));
}

#[test]
fn s36_entities_that_grow() {
    let laughs = numbered(9, |level| format!("<!ENTITY l{} '{}'>", level + 1, format!("&l{level};").repeat(10)));
    let bomb = format!("<!DOCTYPE a [<!ENTITY l0 'ha'>{laughs}]><a>&l9;</a>");
    let quadratic = format!("<!DOCTYPE a [<!ENTITY x '{}'>]><a>{}</a>", "x".repeat(50_000), "&x;".repeat(50_000));
    let circle = "<!DOCTYPE a [<!ENTITY x '&y;'><!ENTITY y '&x;'>]><a>&x;</a>";
    for dtd in [bomb.as_str(), &quadratic, circle] {
        assert_eq!(refused(dtd.as_bytes()), Some("dtd"));
        assert_eq!(refused_metadata(dtd.as_bytes()), Some("dtd"));
    }
}

#[test]
fn s37_depth_width_and_length() {
    let rows = [
        ("depth", "<a>".repeat(100_000)),
        ("depth that ends", format!("{}{}", "<a>".repeat(35_000), "</a>".repeat(35_000))),
        ("attributes", format!("<a{}/>", numbered(1_000_000, |number| format!(" a{number}=''")))),
        ("attributes of one", format!("<a{}/>", numbered(65, |number| format!(" a{number}=''")))),
        ("attributes of many", format!("<a>{}</a>", "<b c='' d='' e=''/>".repeat(10_000))),
        ("namespaces", format!("<a{}/>", numbered(65, |number| format!(" xmlns:a{number}='urn:x'")))),
        ("nested namespaces", numbered(66, |number| format!("<a xmlns:a{number}='urn:x' xmlns:b{number}='urn:x'>"))),
        ("a long namespace", format!("<a xmlns='urn:{}'/>", "x".repeat(253))),
        ("elements", format!("<a>{}</a>", "<b/>".repeat(20_001))),
        ("texts", format!("<a>{}</a>", "<b/>x".repeat(10_001))),
        ("length", format!("<a>{}</a>", "x".repeat(1024 * 1024))),
    ];
    for (what, bomb) in rows {
        assert_eq!(refused(bomb.as_bytes()), Some("limits"), "{what}");
        assert_eq!(refused_metadata(bomb.as_bytes()), Some("limits"), "{what}");
    }
    for (what, bomb) in [
        ("comments", format!("<a>{}</a>", "<!---->".repeat(20_001))),
        ("sections", format!("<a>{}</a>", "<![CDATA[]]>".repeat(20_001))),
        ("instructions", format!("<a>{}</a>", "<?x?>".repeat(20_001))),
    ] {
        assert_eq!(refused_metadata(bomb.as_bytes()), Some("limits"), "{what}");
    }
}

/// What a remark holds is not counted as elements, and what it does not hold is.
#[test]
fn s37_nothing_hides_from_the_count() {
    let deep = |inside: &str| format!("<a>{}{inside}{}</a>", "<b>".repeat(98), "</b>".repeat(98));
    assert_eq!(refused_metadata(deep("<c/>").as_bytes()), None);
    assert_eq!(refused_metadata(deep("<c><d/></c>").as_bytes()), Some("limits"));
    for remark in [
        "<!--</b></b>-->",
        "<!--></b></b>-->",
        "<!---></b></b>-->",
        "<![CDATA[</b></b>]]>",
        "<![CDATA[]></b></b>]]>",
        "<?x </b></b>?>",
    ] {
        let code = refused_metadata(deep(&format!("{remark}<c><d/></c>")).as_bytes());
        assert!(matches!(code, Some("limits" | "not-wellformed")), "{remark} {code:?}");
        let code = refused_metadata(deep(&format!("{remark}<c/>")).as_bytes());
        assert!(matches!(code, None | Some("not-wellformed")), "{remark} {code:?}");
    }
    assert_eq!(refused_metadata(format!("<a><!--{}--></a>", "<b>".repeat(200)).as_bytes()), None);
}

#[test]
fn s40_other_encodings() {
    let utf16: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for octets in [
        &utf16[..],
        b"\xff\xfe<\0a\0/\0>\0",
        b"\xef\xbb\xbf<a/>",
        b"<a>\xc0\xbcb/\xc0\xbe</a>",
        b"<a>\xe0\x80\xbc</a>",
        b"<a>\xed\xa0\x80</a>",
        b"<a>\xff</a>",
        b"<a>\0</a>",
        b"<a/>\0",
        b"<a>\r&#x20;</a>",
        b"<a b='\r'/>",
        b"<a/>\r",
        b"<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
        b"<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>",
        b"<?xml version='1.0' encoding = 'ISO-8859-2'?><a/>",
    ] {
        assert_eq!(refused(octets), Some("encoding"), "{}", String::from_utf8_lossy(octets));
    }
    for declaration in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<?xml version='1.0'  encoding='utf-8' standalone='yes' ?>\n",
        "<?xml version=\"1.0\"?>",
    ] {
        assert_eq!(refused(format!("{declaration}<a/>").as_bytes()), None, "{declaration}");
    }
    for declaration in ["<?xml version=\"1.1\"?>", "<?xml?>", "<?xml encoding=\"UTF-8\"?>", "<?xml version=\"1.0\""] {
        assert!(refused(format!("{declaration}<a/>").as_bytes()).is_some(), "{declaration}");
    }
    // Metadata files begin with a byte order mark now and then.
    let marked = Document::parse(b"\xef\xbb\xbf<b:a xmlns:b='urn:x' b:c=''/>", &Limits::METADATA).unwrap();
    assert_eq!(canonical(marked.root()), "<b:a xmlns:b=\"urn:x\" b:c=\"\"></b:a>");
}
