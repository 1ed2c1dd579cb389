// Showing data: who asks, for what, why; each claim; yes or no; what is next.

import { Problem, actions, button, el, facts, form, paragraph, tick } from './dom.js';
import { alwaysShown, open } from './sd_jwt.js';
import { answer, fetchRequest, readRequest, refuse } from './openid4vp.js';
import { chosen, match } from './dcql.js';
import { demand } from './fault.js';
import { nameOf } from './view_home.js';
import { select } from './claims.js';

/** Fetches a request and asks the person. */
export async function asked(app, found) {
  const trust = { anchors: app.verifiers, now: app.now() };
  const request = found.request ? await readRequest(found.request, trust) : await fetchRequest(app.net, found, trust);
  const cards = await app.vault.credentials();
  const held = await Promise.all(cards.map(async (card) => ({ ...card, ...(await open(card.text)) })));
  const valid = held.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > app.now());
  const entries = match(request.query, valid);
  if (!entries) {
    // The verifier learns only that nothing is shown, not what is missing.
    await refuse(app.net, request).catch(() => {});
    await note(app, request, 'failed');
    demand(false, 'nothing_fits');
  }
  consent(app, request, entries.map((entry) => new Entry(app, entry)));
}

/** One credential of the query: which card answers it, and what of it. */
class Entry {
  constructor(app, { id, choices, isOptional }) {
    Object.assign(this, { app, id, choices, isOptional, isIn: true });
    this.take(choices[0]);
  }

  take(choice) {
    this.choice = choice;
    this.agreed = new Set(choice.claims.filter(({ isPreferred }) => isPreferred).map(({ id }) => id));
  }

  /** The claims that are sent as it is ticked now; nothing if that is not enough for the verifier. */
  get sent() {
    return this.isIn ? chosen(this.choice, this.agreed) : [];
  }

  row({ path }) {
    const { words } = this.app;
    const { credential } = this.choice;
    return [words.claim(path, credential.display), words.value(select(credential.claims, path), path.findLast((step) => typeof step === 'string'))];
  }

  /** What is asked, in the order of the query: what must be, what may be, and what is in clear anyway. */
  view(index, changed) {
    const { app, choice } = this;
    const { say } = app;
    const { credential, claims } = choice;
    const needed = claims.filter(({ isOptional }) => !isOptional).map((claim) => this.row(claim));
    const optional = claims.filter(({ isOptional }) => isOptional);
    const clear = Object.entries(alwaysShown(credential)).map(([name, value]) => [app.words.claim([name], credential.display), app.words.value(value, name)]);
    const box = (claim, at) => {
      const [name, value] = this.row(claim);
      const onchange = ({ target }) => {
        if (target.checked) this.agreed.add(claim.id);
        else this.agreed.delete(claim.id);
        changed();
      };
      return tick({ id: `adat-${index}-${at}`, label: `${name}: ${value}`, hint: say('wallet_optional'), checked: this.agreed.has(claim.id), onchange });
    };
    const whole = tick({ id: `kartya-${index}`, label: say('wallet_optional_card', { name: nameOf(app, credential) }), hint: say('wallet_optional'), checked: this.isIn, onchange: ({ target }) => ((this.isIn = target.checked), changed()) });
    return el(
      'section',
      { class: 'gap' },
      el('h2', {}, say('wallet_ask_from', { name: nameOf(app, credential) })),
      this.choices.length > 1 && this.picker(index, changed),
      this.isOptional && whole,
      needed.length > 0 && facts(needed),
      optional.map(box),
      clear.length > 0 && [paragraph(say('wallet_ask_clear')), facts(clear)],
    );
  }

  /** Which of several cards answers. */
  picker(index, changed) {
    const { app } = this;
    const onchange = ({ target }) => {
      this.take(this.choices[target.selectedIndex]);
      changed(true);
    };
    // A narrow screen has no room for a name that they all have.
    const areAlike = new Set(this.choices.map(({ credential }) => nameOf(app, credential))).size === 1;
    const options = this.choices.map((choice) => {
      const { credential } = choice;
      const when = app.words.instant(credential.receivedAt);
      return el('option', { selected: choice === this.choice }, areAlike ? when : `${nameOf(app, credential)}, ${when}`);
    });
    return el('div', { class: 'field' }, el('label', { for: `melyik-${index}` }, app.say('wallet_which')), el('select', { class: 'input', id: `melyik-${index}`, onchange }, options));
  }
}

function consent(app, request, entries) {
  const { say, words } = app;
  const { who, services } = request;
  const rows = [
    ['wallet_who', who.name ?? who.host],
    ['wallet_who_says', who.authority],
    ['wallet_where', who.host],
    ['wallet_service', services.map(({ name }) => words.of(name)).filter(Boolean).join(', ')],
    ['wallet_purpose', services.map(({ purpose }) => words.of(purpose)).filter(Boolean).join(' ') || say('wallet_purpose_unsaid')],
    ['wallet_when', words.instant(app.now())],
  ];
  const sends = () => {
    const sent = entries.map((entry) => entry.sent);
    if (sent.includes(undefined)) return undefined;
    return entries.flatMap((entry) => entry.sent.map((claim) => entry.row(claim)[0]));
  };
  const summary = () => {
    const names = sends();
    if (!names) return say('wallet_not_enough');
    return names.length ? say('wallet_sends', { data: names.join(', ') }) : say('wallet_sends_nothing');
  };
  const sections = el('div', {});
  // Beside the buttons, where it is seen while ticking.
  const told = el('p', { class: 'para', role: 'status' }, summary());
  const changed = (isAnew = false) => {
    if (isAnew) draw();
    told.textContent = summary();
  };
  const draw = () => sections.replaceChildren(...entries.map((entry, index) => entry.view(index, changed)));
  draw();
  const agree = form({
    words: app.formWords,
    fields: [sections, paragraph(say('wallet_ask_warning'), 'note'), told],
    send: say('wallet_agree'),
    more: [button(say('wallet_decline'), () => decline(app, request), { second: true })],
    onsend: async () => {
      if (!sends()) throw new Problem(sections.querySelector('[id^=adat-]').id, say('wallet_not_enough'));
      await send(app, request, entries);
    },
  });
  const contents = [
    paragraph(say('wallet_ask_lead'), 'lead'),
    facts(rows.filter(([, value]) => value).map(([key, value]) => [say(key), value])),
    agree,
  ];
  app.show(say('wallet_ask_heading'), contents);
}

async function send(app, request, entries) {
  const { say } = app;
  app.tell(say('wallet_wait'));
  const shown = new Map();
  for (const { id, choice, sent } of entries.filter(({ isIn }) => isIn)) {
    const { credential } = choice;
    shown.set(id, { text: credential.text, privateKey: await app.vault.privateKey(credential.id), paths: sent.map(({ path }) => path) });
  }
  // With the names that were on the screen.
  const claims = entries.flatMap((entry) => entry.sent.map((claim) => entry.row(claim)[0]));
  const card = [...new Set(entries.map(({ choice }) => nameOf(app, choice.credential)))].join(', ');
  try {
    const onward = await answer(app.net, request, shown, app.now());
    await note(app, request, 'shown', { claims, card });
    done(app, onward, 'wallet_sent_heading', 'wallet_sent_lead');
  } catch (fault) {
    // It was sent, and what the other side made of it is not known.
    await note(app, request, 'failed', { claims, card });
    throw fault;
  }
}

async function decline(app, request) {
  app.tell(app.say('wallet_wait'));
  await note(app, request, 'refused');
  const onward = await refuse(app.net, request);
  done(app, onward, 'wallet_declined_heading', 'wallet_declined_lead');
}

/** What is next: the verifier's page, if it has one for this phone. */
function done(app, onward, heading, lead) {
  const { say } = app;
  app.dealtWith();
  const next = onward && el('a', { class: 'btn', href: onward, rel: 'noreferrer' }, say('wallet_onward', { host: new URL(onward).host }));
  app.show(say(heading), [
    paragraph(say(lead), 'lead'),
    onward && paragraph(say('wallet_onward_lead')),
    actions(next, button(say('wallet_to_home'), () => app.go('home'), { second: Boolean(onward) })),
  ]);
}

const note = (app, { who, services }, kind, more = {}) => app.vault.note({ kind, who: who.name ?? who.host, service: services[0]?.name, purpose: services[0]?.purpose, ...more });
