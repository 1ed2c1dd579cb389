// What the wallet holds: the cards, one card's data, what happened.

import { actions, button, el, facts, paragraph } from './dom.js';
import { PROTOCOL_CLAIMS, open } from './sd_jwt.js';
import { ordered } from './words.js';

/** What a card is called. */
export const nameOf = (app, { display, vct }) => app.words.of(display.name) ?? (vct.startsWith('urn:eudi:pid:') ? app.say('wallet_person_card') : vct);

const issuerOf = (app, { display, issuedBy }) => app.words.of(display.issuer) ?? issuedBy ?? '';

/** What the issuer's list says of a card, once it is there; without a network nothing. */
function standing(app, { text }) {
  const said = el('p', { class: 'need', 'aria-live': 'polite' });
  const words = { revoked: 'wallet_card_revoked', suspended: 'wallet_card_suspended' };
  open(text)
    .then(({ claims }) => app.statusLists.of(claims))
    .then((status) => words[status] && said.append(app.say(words[status])))
    .catch((fault) => console.warn(`${fault?.code}: ${fault?.message}`));
  return said;
}

/** All cards. */
export async function home(app, _, told) {
  const { say } = app;
  const cards = await app.vault.credentials();
  const items = cards.map((card) =>
    el(
      'li',
      {},
      el('h2', {}, nameOf(app, card)),
      el('p', { class: 'need' }, say('wallet_card_from', { issuer: issuerOf(app, card) })),
      card.expiresAt && el('p', { class: 'need' }, say(card.expiresAt <= app.now() ? 'wallet_card_expired' : 'wallet_card_until', { time: app.words.instant(card.expiresAt) })),
      standing(app, card),
      actions(button(say('wallet_card_open'), () => app.go('card', card.id), { second: true, label: say('wallet_card_open_named', { name: nameOf(app, card) }) })),
    ),
  );
  app.show(
    say('wallet_home_heading'),
    [
      items.length ? el('ul', { class: 'cards' }, items) : paragraph(say('wallet_home_empty'), 'lead'),
      actions(
        button(say('wallet_to_link'), () => app.go('link')),
        button(say('wallet_to_history'), () => app.go('history'), { second: true }),
        button(say('wallet_lock'), () => app.lock(), { second: true }),
      ),
      paragraph(say('wallet_home_demo'), 'note'),
    ],
    told,
  );
}

/** A card's data; they are on the phone, so this needs no network. */
export async function card(app, id, told) {
  const { say, words } = app;
  const found = (await app.vault.credentials()).find((credential) => credential.id === id);
  if (!found) return home(app);
  const { claims } = await open(found.text);
  const names = ordered(Object.keys(claims).filter((name) => !PROTOCOL_CLAIMS.includes(name)));
  app.show(
    nameOf(app, found),
    [
      paragraph(say('wallet_card_from', { issuer: issuerOf(app, found) }), 'lead'),
      standing(app, found),
      facts(names.map((name) => [words.claim([name], found.display), words.value(claims[name], name)])),
      paragraph(say('wallet_card_received', { time: words.instant(found.receivedAt) })),
      actions(button(say('wallet_to_home'), () => app.go('home')), button(say('wallet_card_delete'), () => remove(app, found), { second: true })),
    ],
    told,
  );
}

function remove(app, found) {
  const { say } = app;
  app.show(say('wallet_delete_heading', { name: nameOf(app, found) }), [
    paragraph(say('wallet_delete_lead'), 'lead'),
    actions(
      button(say('wallet_delete'), async () => {
        await app.vault.delete(found.id);
        await app.vault.note({ kind: 'deleted', card: nameOf(app, found), who: issuerOf(app, found) });
        await app.go('home', undefined, say('wallet_deleted'));
      }),
      button(say('wallet_keep'), () => app.go('card', found.id), { second: true }),
    ),
  ]);
}

/** What happened, the latest first. */
export async function history(app, _, told) {
  const { say, words } = app;
  const entries = await app.vault.history();
  const heading = { received: 'wallet_history_received', shown: 'wallet_history_shown', refused: 'wallet_history_refused', failed: 'wallet_history_failed', deleted: 'wallet_history_deleted' };
  const items = entries.map((entry) => {
    const rows = [
      ['wallet_when', words.instant(entry.at)],
      ['wallet_card', entry.card],
      [['received', 'deleted'].includes(entry.kind) ? 'wallet_issuer' : 'wallet_who', entry.who],
      ['wallet_service', words.of(entry.service)],
      ['wallet_purpose', words.of(entry.purpose)],
      ['wallet_history_data', entry.claims?.join(', ')],
    ];
    return el('li', {}, el('h2', {}, say(heading[entry.kind])), facts(rows.filter(([, value]) => value).map(([key, value]) => [say(key), value])));
  });
  const clear = button(say('wallet_history_clear'), async () => {
    await app.vault.forget();
    await history(app, undefined, say('wallet_history_cleared'));
  }, { second: true });
  app.show(
    say('wallet_history_heading'),
    [
      items.length ? el('ul', { class: 'cards' }, items) : paragraph(say('wallet_history_empty'), 'lead'),
      actions(button(say('wallet_to_home'), () => app.go('home')), items.length > 0 && clear),
    ],
    told,
  );
}
