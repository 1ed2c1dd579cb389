// The wallet's pages: which one is shown, and what they share.

import { fromBase64, jsonObject } from './base64url.js';
import { Words, faultText } from './words.js';
import { actions, button, el, paragraph } from './dom.js';
import { Net } from './net.js';
import { StatusLists } from './status_list.js';
import { Vault } from './vault.js';
import { openDatabase } from './database.js';
import * as pin from './view_pin.js';
import * as home from './view_home.js';
import * as receiving from './view_receive.js';
import * as showing from './view_show.js';
import * as link from './view_link.js';

/** Where a link waits for the PIN, and stays until it is dealt with: the language may be changed meanwhile. */
const WAITING = 'tarca-link';
/** Views that the browser's own back button comes back to. */
const PLACES = { home: home.home, card: home.card, history: home.history, link: link.link };

class App {
  constructor({ lang, words, trust }) {
    this.words = new Words(lang, words);
    this.say = this.words.say.bind(this.words);
    this.net = new Net(trust.origins);
    this.shortCodes = trust.shortCodes;
    this.issuers = trust.issuerAnchors.map(fromBase64);
    this.verifiers = trust.verifierAnchors.map(fromBase64);
    this.statusLists = new StatusLists(this.net, this.issuers, () => this.now());
    this.clientId = `${location.origin}${location.pathname}`;
    this.main = document.getElementById('tarca');
    this.heading = document.querySelector('main h1');
    this.told = document.getElementById('tarca-allapot');
    this.site = document.title.split(' – ').at(-1);
    this.isFirst = true;
  }

  now() {
    return Math.floor(Date.now() / 1000);
  }

  get formWords() {
    return { summary: this.say('wallet_error_summary'), prefix: this.say('wallet_error_prefix') };
  }

  /** Shows a view: its heading, what is on it, and what just happened. */
  show(heading, contents, told = '') {
    this.leaving?.();
    this.leaving = undefined;
    this.heading.textContent = heading;
    document.title = `${heading} – ${this.site}`;
    this.main.replaceChildren(...contents.flat().filter(Boolean));
    this.told.textContent = told;
    // A new page is read from its heading; the first is read by itself.
    this.heading.tabIndex = -1;
    if (!this.isFirst) {
      scrollTo(0, 0);
      this.heading.focus();
    }
    this.isFirst = false;
  }

  /** Says something without leaving the view. */
  tell(words) {
    this.told.textContent = words;
  }

  /** Keeps a link until it is dealt with. */
  awaits(link) {
    sessionStorage.setItem(WAITING, link);
  }

  dealtWith() {
    sessionStorage.removeItem(WAITING);
  }

  /** Goes to a place that the back button knows. */
  go(place, argument, told) {
    this.dealtWith();
    const state = { place, argument };
    if (history.state?.place) history.pushState(state, '');
    else history.replaceState(state, '');
    return PLACES[place](this, argument, told);
  }

  /** Where the browser went back to. */
  async back({ place = 'home', argument } = {}) {
    if (this.vault.isOpen) await PLACES[place](this, argument);
  }

  /** A view that says what went wrong. */
  fail(fault) {
    console.warn(`${fault?.code}: ${fault?.message}`);
    this.dealtWith();
    if (!this.vault?.isOpen) return this.show(this.say('wallet_fault_heading'), [paragraph(this.say(faultText(fault))), actions(button(this.say('wallet_again'), () => this.start()))]);
    return this.show(this.say('wallet_fault_heading'), [paragraph(this.say(faultText(fault)), 'note'), actions(button(this.say('wallet_to_home'), () => this.go('home')))]);
  }

  /** Follows what was scanned, pasted or typed. */
  async follow(found) {
    this.tell(this.say('wallet_wait'));
    const what = found.code ? await link.resolve(this, found.code) : found;
    if (what.offer || what.offerUri) return receiving.offered(this, what);
    return showing.asked(this, what);
  }

  /** What is shown once the PIN was right: the link that waits, else the cards. */
  async opened(told) {
    history.replaceState({ place: 'home' }, '');
    const waiting = sessionStorage.getItem(WAITING);
    if (waiting === null) return home.home(this, undefined, told);
    try {
      await this.follow(link.read(waiting));
    } catch (fault) {
      this.fail(fault);
    }
  }

  /** Forgets the PIN's key and whatever was on the screen. */
  async lock() {
    this.vault.close();
    history.replaceState(null, '');
    await this.start();
  }

  async start() {
    this.vault ??= new Vault(await openDatabase());
    return (await this.vault.isSet()) ? pin.open(this) : pin.set(this);
  }
}

/** Puts aside a link that this page was opened with, and takes it out of the address. */
function putAside() {
  const asked = new URLSearchParams(location.search);
  asked.delete('lang');
  const other = document.querySelector('a.lang');
  other.search = `?lang=${other.hreflang}`;
  if (asked.size) sessionStorage.setItem(WAITING, `${location.origin}${location.pathname}?${asked}`);
  if (location.search) history.replaceState(null, '', location.pathname);
}

async function main() {
  const app = new App(jsonObject(document.getElementById('tarca-adatok').textContent));
  putAside();
  addEventListener('popstate', ({ state }) => app.back(state ?? {}).catch((fault) => app.fail(fault)));
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    app.fail(event.reason);
  });
  navigator.serviceWorker?.register('/tarca/sw.js', { scope: '/tarca', updateViaCache: 'none' }).catch(() => {});
  await app.start();
}

await main().catch((fault) => {
  // Nothing works without storage; the page says so in the words that it came with.
  console.warn(fault);
  document.getElementById('tarca').replaceChildren(el('p', { class: 'note' }, document.getElementById('tarca-nem-megy').textContent));
});
