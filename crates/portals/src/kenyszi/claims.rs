//! Which attributes the portal asks for, and what it keeps of them.

use service_kit::{Asked, Attribute, SignedIn, names, whatever, whatever_named};

use crate::portal::purpose::Purposes;
use crate::portal::received::{Name, Received};
use crate::text::Text;

/// How the name of the attribute with the mother's name ends; before it stands Kapu's origin.
const MOTHERS_NAME: &str = "/attributes/MothersName";

/// What the portal wants the data for.
pub(super) fn purposes(text: Text) -> Purposes<6> {
    [
        ("name", text.kenyszi_purpose_name()),
        ("birth_name", text.purpose_identify()),
        ("birth_date", text.purpose_identify()),
        ("birth_place", text.purpose_identify()),
        ("mothers_name", text.purpose_identify()),
        ("email", text.kenyszi_purpose_email()),
    ]
}

/// What the portal asks of Kapu, whose origin is `kau`: the natural identification data and, if the person likes, the
/// address.
pub(super) fn asked(kau: &str) -> Vec<Asked> {
    let natural = [
        names::CURRENT_FAMILY_NAME,
        names::CURRENT_GIVEN_NAME,
        names::BIRTH_NAME,
        names::PLACE_OF_BIRTH,
        names::DATE_OF_BIRTH,
        names::PAIRWISE_ID,
    ];
    let mothers_name = whatever_named(&format!("{kau}{MOTHERS_NAME}"), "MothersName");
    natural
        .map(|name| Asked::Required(whatever(name)))
        .into_iter()
        .chain([Asked::Required(mothers_name), Asked::Optional(whatever(names::MAIL))])
        .collect()
}

/// What the portal keeps of an assertion.
pub(super) fn received(signed_in: &SignedIn) -> Received {
    let either = |all: &[names::Name]| all.iter().find_map(|(name, _)| signed_in.attribute(name)).map(str::to_owned);
    let is_mothers_name = |attribute: &&Attribute| attribute.name.ends_with(MOTHERS_NAME);
    let mothers_name = signed_in.attributes.iter().find(is_mothers_name);
    Received {
        subject: signed_in.pairwise_id.clone().unwrap_or_else(|| signed_in.name_id.value.clone()),
        name: Name::of(
            either(&[names::CURRENT_FAMILY_NAME, names::SN]),
            either(&[names::CURRENT_GIVEN_NAME, names::GIVEN_NAME]),
            either(&[names::DISPLAY_NAME]),
        ),
        // eIDAS has it in one piece.
        birth_name: Name::of(None, None, either(&[names::BIRTH_NAME])),
        birth_place: either(&[names::PLACE_OF_BIRTH]),
        birth_date: either(&[names::DATE_OF_BIRTH]),
        mothers_name: mothers_name.and_then(|attribute| attribute.values.first().cloned()),
        nationalities: Vec::new(),
        is_adult: None,
        email: either(&[names::MAIL]),
        acr: signed_in.context_class.clone(),
        amr: Vec::new(),
        loa: signed_in.loa.clone(),
        auth_time: Some(signed_in.authn_instant),
        sid: signed_in.session_index.clone(),
    }
}
