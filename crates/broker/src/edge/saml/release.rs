//! What a service receives of a person (`decisions.md` section 6): what its metadata asks for and we keep.

use model::{Datum, Lang, Person, Release};
use saml::attribute::{NAME_FORMAT_URI, names};
use saml::metadata::{EntityDescriptor, SpDescriptor};
use saml::{Attribute, SubjectIdRequirement};

/// Something that can be released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    FamilyName,
    GivenName,
    DateOfBirth,
    PlaceOfBirth,
    BirthName,
    PersonIdentifier,
    Mail,
    Sn,
    GivenNameOid,
    DisplayName,
    PairwiseId,
    MothersName,
}

/// Where our own attributes are, below the broker's origin.
const MOTHERS_NAME: &str = "/attributes/MothersName";
const LEVEL_OF_ASSURANCE: &str = "/attributes/LevelOfAssurance";

const ALL: [Item; 12] = [
    Item::FamilyName,
    Item::GivenName,
    Item::DateOfBirth,
    Item::PlaceOfBirth,
    Item::BirthName,
    Item::PersonIdentifier,
    Item::Mail,
    Item::Sn,
    Item::GivenNameOid,
    Item::DisplayName,
    Item::PairwiseId,
    Item::MothersName,
];

/// What a service that asks for nothing by name receives: what the person is called.
const UNASKED: [Item; 3] = [Item::Sn, Item::GivenNameOid, Item::DisplayName];

impl Item {
    /// The name on the wire and for people; the mother's name is one of our own.
    const fn name(self) -> names::Name {
        match self {
            Item::FamilyName => names::CURRENT_FAMILY_NAME,
            Item::GivenName => names::CURRENT_GIVEN_NAME,
            Item::DateOfBirth => names::DATE_OF_BIRTH,
            Item::PlaceOfBirth => names::PLACE_OF_BIRTH,
            Item::BirthName => names::BIRTH_NAME,
            Item::PersonIdentifier => names::PERSON_IDENTIFIER,
            Item::Mail => names::MAIL,
            Item::Sn => names::SN,
            Item::GivenNameOid => names::GIVEN_NAME,
            Item::DisplayName => names::DISPLAY_NAME,
            Item::PairwiseId => names::PAIRWISE_ID,
            Item::MothersName => (MOTHERS_NAME, "MothersName"),
        }
    }

    /// Whether an attribute's name asks for it.
    fn is_named(self, name: &str) -> bool {
        match self {
            Item::MothersName => name.ends_with(MOTHERS_NAME),
            _ => self.name().0 == name,
        }
    }

    /// What it tells, in our words.
    pub(super) const fn data(self) -> &'static [Datum] {
        match self {
            Item::FamilyName | Item::Sn => &[Datum::FamilyName],
            Item::GivenName | Item::GivenNameOid => &[Datum::GivenName],
            Item::DisplayName => &[Datum::FamilyName, Datum::GivenName],
            Item::DateOfBirth => &[Datum::BirthDate],
            Item::PlaceOfBirth => &[Datum::BirthPlace],
            Item::BirthName => &[Datum::BirthName],
            Item::MothersName => &[Datum::MothersName],
            Item::Mail => &[Datum::Email],
            Item::PersonIdentifier | Item::PairwiseId => &[Datum::Identifier],
        }
    }

    /// Whether it tells nothing beyond that.
    pub(super) fn is_told_within(self, release: &Release) -> bool {
        self.data().iter().all(|datum| release.has(*datum))
    }

    fn value(self, person: &Person, given: &Given<'_>) -> Option<String> {
        Some(match self {
            Item::FamilyName | Item::Sn => person.name.family.clone(),
            Item::GivenName | Item::GivenNameOid => person.name.given.clone(),
            Item::DisplayName => person.name.display(Lang::Hu),
            Item::DateOfBirth => person.birth_date.clone(),
            Item::PlaceOfBirth => person.birth_place.locality.clone(),
            Item::BirthName => person.birth_name.display(Lang::Hu),
            Item::MothersName => person.mothers_name.display(Lang::Hu),
            Item::Mail => person.email.as_str().to_owned(),
            Item::PersonIdentifier => given.persistent.to_owned(),
            Item::PairwiseId => given.pairwise?.to_owned(),
        })
    }
}

/// What is made for one service and not kept of the person.
pub(super) struct Given<'a> {
    /// The opaque name that stays.
    pub(super) persistent: &'a str,
    /// The same, scoped, where a scope can be written.
    pub(super) pairwise: Option<&'a str>,
    /// The broker's origin.
    pub(super) origin: &'a str,
    /// The level of assurance as its URI.
    pub(super) loa: &'a str,
}

/// What a service receives: what the list of that index asks for, and the identifier that its entity requires.
pub(super) fn items(entity: &EntityDescriptor, sp: &SpDescriptor, list: Option<u16>) -> Vec<Item> {
    use SubjectIdRequirement::{Any, PairwiseId};
    let mut items: Vec<Item> = match sp.attribute_consumer(list) {
        None => UNASKED.to_vec(),
        Some(consumer) => {
            let named = |item: &Item| consumer.requested.iter().any(|asked| item.is_named(&asked.attribute.name));
            ALL.into_iter().filter(named).collect()
        }
    };
    let requires = matches!(SubjectIdRequirement::of(entity), Some(PairwiseId | Any));
    if requires && !items.contains(&Item::PairwiseId) {
        items.push(Item::PairwiseId);
    }
    items
}

/// Those of them that the person may withhold: its list asks for them and does not require them.
///
/// `isRequired` is false where it is left out (SAML Metadata section 2.4.4.2), which most metadata do because the
/// software that wrote them has no switch for it. A service that marks nothing at all as required therefore tells
/// nothing by it; if all that it asks for were a box to tick, nobody could sign in there at the first try.
pub(super) fn wished(entity: &EntityDescriptor, sp: &SpDescriptor, list: Option<u16>) -> Vec<Item> {
    let mut asked = sp.attribute_consumers.iter().flat_map(|consumer| &consumer.requested);
    let (true, Some(consumer)) = (asked.any(|asked| asked.is_required), sp.attribute_consumer(list)) else {
        return Vec::new();
    };
    let is_wished = |item: &Item| {
        let mut naming = consumer.requested.iter().filter(|asked| item.is_named(&asked.attribute.name)).peekable();
        naming.peek().is_some() && naming.all(|asked| !asked.is_required)
    };
    items(entity, sp, list).into_iter().filter(is_wished).collect()
}

/// What a service receives, by the names that operators know it by: in any case, and if the person ticks it.
pub(super) fn names(
    entity: &EntityDescriptor,
    sp: &SpDescriptor,
    list: Option<u16>,
) -> (Vec<&'static str>, Vec<&'static str>) {
    let wished = wished(entity, sp, list);
    let (optional, required): (Vec<Item>, Vec<Item>) =
        items(entity, sp, list).into_iter().partition(|item| wished.contains(item));
    let names = |items: Vec<Item>| items.into_iter().map(|item| item.name().1).collect();
    (names(required), names(optional))
}

/// Whether an attribute's name asks for something that is given here.
pub(super) fn is_known(name: &str) -> bool {
    ALL.iter().any(|item| item.is_named(name)) || name.ends_with(LEVEL_OF_ASSURANCE)
}

/// Whether a list of the service's asks for the e-mail address.
pub(super) fn asks_for_email(sp: &SpDescriptor) -> bool {
    let mut asked = sp.attribute_consumers.iter().flat_map(|consumer| &consumer.requested);
    asked.any(|requested| Item::Mail.is_named(&requested.attribute.name))
}

/// The attributes of an assertion. The level of assurance is always told.
pub(super) fn attributes(items: &[Item], person: &Person, given: &Given<'_>) -> Vec<Attribute> {
    let own = |path: &str, friendly: &str, value: String| Attribute {
        name: format!("{}{path}", given.origin),
        name_format: NAME_FORMAT_URI.to_owned(),
        friendly_name: Some(friendly.to_owned()),
        values: vec![value],
    };
    let released = items.iter().filter_map(|item| {
        let value = item.value(person, given)?;
        Some(match item {
            Item::MothersName => own(MOTHERS_NAME, "MothersName", value),
            item => Attribute::new(item.name(), value),
        })
    });
    released.chain([own(LEVEL_OF_ASSURANCE, "LevelOfAssurance", given.loa.to_owned())]).collect()
}
