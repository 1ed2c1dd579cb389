// What the phone's wallet reads and writes, against libraries that are not ours.

import { before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import * as jose from 'jose';
import { StatusList } from '@sd-jwt/jwt-status-list';
import * as base64url from '../crates/portals/assets/telefon/base64url.js';
import * as jwe from '../crates/portals/assets/telefon/jwe.js';
import { generateKey, sign, verify } from '../crates/portals/assets/telefon/jws.js';
import { alwaysShown, open, present, receive } from '../crates/portals/assets/telefon/sd_jwt.js';
import { StatusLists } from '../crates/portals/assets/telefon/status_list.js';
import { PURPOSES, check } from '../crates/portals/assets/telefon/x509.js';
import { chosen, match, read as readQuery } from '../crates/portals/assets/telefon/dcql.js';
import { Vault, isPin } from '../crates/portals/assets/telefon/vault.js';
import { Words } from '../crates/portals/assets/telefon/words.js';
import { shown } from '../crates/portals/assets/telefon/shown.js';
import * as limits from '../crates/portals/assets/telefon/limits.js';
import { Authority, DOCUMENT_SIGNER, PERSON, QUERY, READER, VCT, issue, signed, verifyPresentation } from './wallet-parties.mjs';

const now = () => Math.floor(Date.now() / 1000);
const refused = (code) => (fault) => assert.equal(fault.code, code, fault.stack) === undefined;
/** Objects of the wallet have no prototype; this compares what is in them. */
const plain = (value) => JSON.parse(JSON.stringify(value));

let authority, issuer, holder;

before(async () => {
  authority = await Authority.create('Minta hitelesítő');
  issuer = await authority.certify({ name: 'Minta Kiállító', use: DOCUMENT_SIGNER, dns: ['kiallito.localhost'] });
  holder = await generateKey();
});

const expected = () => ({ anchors: [authority.der], now: now(), publicJwk: holder.publicJwk });

describe('base64url', () => {
  it('is what Node writes and reads', () => {
    for (let length = 0; length < 70; length += 1) {
      const bytes = webcrypto.getRandomValues(new Uint8Array(length));
      assert.equal(base64url.encode(bytes), Buffer.from(bytes).toString('base64url'));
      assert.deepEqual(base64url.decode(base64url.encode(bytes)), bytes);
    }
  });

  it('refuses padding, other alphabets and bits that no byte needs', () => {
    for (const text of ['QQ==', 'Q+', 'Q/', 'Q', 'QR', 'Q Q', undefined, 7]) assert.throws(() => base64url.decode(text), refused('malformed'), text);
  });
});

describe('signatures', () => {
  it('are those of jose, both ways', async () => {
    const token = await sign({ typ: 'kb+jwt' }, { a: 1 }, holder.privateKey);
    const { payload } = await jose.jwtVerify(token, await jose.importJWK(holder.publicJwk, 'ES256'), { typ: 'kb+jwt' });
    assert.deepEqual(payload, { a: 1 });
    const theirs = await jose.generateKeyPair('ES256');
    const signed = (header) => new jose.SignJWT({ b: 2 }).setProtectedHeader({ alg: 'ES256', ...header }).sign(theirs.privateKey);
    const want = { typ: 'x', charactersMax: 1000 };
    assert.deepEqual(await verify(await signed({ typ: 'x' }), theirs.publicKey, want), { b: 2 });
    const token2 = await signed({ typ: 'x' });
    const [head, body, signature] = token2.split('.');
    const changed = [head, base64url.encode(base64url.utf8('{"b":3}')), signature].join('.');
    const none = [base64url.encode(base64url.utf8('{"alg":"none","typ":"x"}')), body, ''].join('.');
    for (const bad of [changed, none, await signed({ typ: 'y' }), await signed({}), `${head}.${body}.`]) {
      await assert.rejects(verify(bad, theirs.publicKey, want), refused('signature'), bad);
    }
    await assert.rejects(verify(token2, theirs.publicKey, { typ: 'x', charactersMax: 20 }), refused('too_long'));
  });

  it('come from keys that cannot be read out', async () => {
    assert.equal(holder.privateKey.extractable, false);
    await assert.rejects(webcrypto.subtle.exportKey('jwk', holder.privateKey));
  });
});

describe('encryption', () => {
  it('is opened by jose, and opens what jose encrypted', async () => {
    for (const enc of ['A128GCM', 'A256GCM']) {
      const theirs = await jose.generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
      const jwk = { ...(await jose.exportJWK(theirs.publicKey)), kid: 'k1' };
      const message = await jwe.encrypt(jwk, enc, base64url.utf8('árvíztűrő'));
      const { plaintext, protectedHeader } = await jose.compactDecrypt(message, theirs.privateKey);
      assert.equal(Buffer.from(plaintext).toString(), 'árvíztűrő');
      assert.deepEqual([protectedHeader.alg, protectedHeader.enc, protectedHeader.kid], ['ECDH-ES', enc, 'k1']);
      const ours = await jwe.generateKey();
      const sealed = await new jose.CompactEncrypt(Buffer.from('tükör'))
        .setProtectedHeader({ alg: 'ECDH-ES', enc })
        .setKeyManagementParameters({ apu: Buffer.from('a'), apv: Buffer.from('b') })
        .encrypt(await jose.importJWK(ours.publicJwk, 'ECDH-ES'));
      assert.equal(base64url.text(await jwe.decrypt(sealed, ours.privateKey)), 'tükör');
      const broken = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
      await assert.rejects(jwe.decrypt(broken, ours.privateKey), refused('malformed'));
      await assert.rejects(jwe.decrypt(sealed, (await jwe.generateKey()).privateKey), refused('malformed'));
    }
    await assert.rejects(jwe.decrypt('a'.repeat(limits.ENCRYPTED_CHARACTERS + 1), undefined), refused('too_long'));
  });

  it('takes only a key that is for it', () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
    assert.equal(jwe.chooseKey([key, { ...key, alg: 'ECDH-ES', use: 'sig' }, { ...key, crv: 'P-384', alg: 'ECDH-ES' }, null]), undefined);
    assert.equal(jwe.chooseKey([key, { ...key, alg: 'ECDH-ES', kid: 'a' }]).kid, 'a');
    assert.equal(jwe.chooseEncryption(['A128GCM', 'A256GCM']), 'A256GCM');
    assert.equal(jwe.chooseEncryption(['A128CBC-HS256']), undefined);
  });
});

describe('certificates', () => {
  it('are read as @peculiar/x509 wrote them', async () => {
    const signer = await check([issuer.der], [authority.der], { purpose: PURPOSES.credentials, now: now() });
    assert.equal(signer.commonName, 'Minta Kiállító');
    assert.equal(signer.authorityName, 'Minta hitelesítő');
    assert.deepEqual(signer.dnsNames, ['kiallito.localhost']);
    assert.equal(signer.fingerprint, createHash('sha256').update(issuer.der).digest('base64url'));
  });

  it('are refused for every reason by itself', async () => {
    const other = await Authority.create('Minta hitelesítő');
    const reader = await authority.certify({ name: 'Olvasó', use: READER });
    const expired = await authority.certify({ name: 'Régi', use: DOCUMENT_SIGNER, days: -1 });
    const strange = await authority.certify({ name: 'Furcsa', use: DOCUMENT_SIGNER, more: [new x509.Extension('1.2.3.4', true, Buffer.from('0500', 'hex'))] });
    const harmless = await authority.certify({ name: 'Szokatlan', use: DOCUMENT_SIGNER, more: [new x509.Extension('1.2.3.4', false, Buffer.from('0500', 'hex'))] });
    const judge = (chain, anchors = [authority.der]) => check(chain, anchors, { purpose: PURPOSES.credentials, now: now() });
    await judge([harmless.der]);
    await assert.rejects(judge([issuer.der], [other.der]), refused('unknown_anchor'), 'an anchor of the same name');
    await assert.rejects(judge([issuer.der], []), refused('unknown_anchor'));
    await assert.rejects(judge([reader.der]), refused('certificate'), 'another purpose');
    await assert.rejects(judge([expired.der]), refused('certificate_time'));
    await assert.rejects(judge([strange.der]), refused('certificate'), 'a critical extension that is not understood');
    await assert.rejects(judge([authority.der]), refused('certificate'), 'the anchor itself');
    await assert.rejects(judge([harmless.der, issuer.der]), refused('certificate'), 'an issuer that is no authority');
    await assert.rejects(judge([issuer.der.subarray(0, -1)]), refused('certificate'), 'cut off');
    await assert.rejects(judge([new Uint8Array(limits.CERTIFICATE_BYTES + 1)]), refused('certificate'), 'too long');
  });

  it('are refused with any byte changed', async () => {
    for (let at = 0; at < issuer.der.length; at += 1) {
      const der = Uint8Array.from(issuer.der);
      der[at] ^= 0x41;
      const judged = check([der], [authority.der], { purpose: PURPOSES.credentials, now: now() });
      await assert.rejects(judged, (fault) => typeof fault.code === 'string', `byte ${at}`);
    }
  });
});

describe('a credential of @sd-jwt', () => {
  it('has in clear what is nowhere hidden, and of what is hidden in part the rest', async () => {
    const claims = { age_equal_or_over: { 18: true }, place_of_birth: PERSON.place_of_birth, nationalities: ['HU', 'RO'] };
    const frame = { age_equal_or_over: { _sd: ['18'] }, place_of_birth: { _sd: ['locality'] }, nationalities: { _sd: [1] } };
    const received = await receive(await issue(issuer, holder.publicJwk, { claims, frame }), expected());
    assert.deepEqual(alwaysShown(received), { issuing_country: 'HU', place_of_birth: { country: 'HU' }, nationalities: ['HU'] });
  });

  it('is received, shown in part, and verified by @sd-jwt', async () => {
    const text = await issue(issuer, holder.publicJwk);
    const received = await receive(text, expected());
    assert.deepEqual(plain({ ...received.claims, iss: 0, iat: 0, exp: 0, cnf: 0 }), { ...PERSON, vct: VCT, issuing_country: 'HU', iss: 0, iat: 0, exp: 0, cnf: 0 });
    assert.deepEqual(alwaysShown(received), { issuing_country: 'HU' });
    const to = { audience: 'x509_hash:abc', nonce: 'n-1', now: now(), privateKey: holder.privateKey };
    const shown = async (paths) => {
      const payload = await verifyPresentation(await present(text, paths, to), issuer, { nonce: 'n-1', audience: 'x509_hash:abc' });
      return Object.fromEntries(Object.keys(PERSON).filter((name) => name in payload).map((name) => [name, payload[name]]));
    };
    assert.deepEqual(await shown([['family_name']]), { family_name: 'Kovács' });
    assert.deepEqual(await shown([['place_of_birth', 'locality'], ['nationalities', null]]), { place_of_birth: PERSON.place_of_birth, nationalities: ['HU'] });
    assert.deepEqual(await shown([]), {});
  });

  it('is refused for every reason by itself', async () => {
    const text = await issue(issuer, holder.publicJwk);
    const [token, ...rest] = text.split('~');
    const stranger = await generateKey();
    const changed = await (async () => {
      const [head, body, signature] = token.split('.');
      const payload = JSON.parse(Buffer.from(body, 'base64url'));
      return [[head, Buffer.from(JSON.stringify({ ...payload, vct: 'x' })).toString('base64url'), signature].join('.'), ...rest].join('~');
    })();
    const extra = Buffer.from('["salt","is_over_18",true]').toString('base64url');
    const signedFor = async (payload, disclosures = []) => [await new jose.SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'dc+sd-jwt', x5c: issuer.x5c }).sign(issuer.privateKey), ...disclosures, ''].join('~');
    const base = { vct: VCT, cnf: { jwk: holder.publicJwk } };
    const digestOf = (disclosure) => createHash('sha256').update(disclosure).digest('base64url');
    const hiddenEnd = Buffer.from(`["salt","exp",${now() + 99}]`).toString('base64url');
    const rows = [
      ['signature', changed],
      ['credential', [token, ...rest.slice(0, -1), extra, ''].join('~')],
      ['credential', [token, rest[0], ...rest].join('~')],
      ['credential', `${text}kb.kb.kb`],
      ['credential', token],
      ['credential_expired', await signedFor({ ...base, exp: now() - 1 })],
      ['credential', await signedFor({ ...base, nbf: now() + 3600 })],
      ['credential', await signedFor({ ...base, iss: 'https://masik.example' })],
      ['credential', await signedFor({ ...base, _sd_alg: 'sha-512' })],
      ['credential', await signedFor({ cnf: base.cnf })],
      ['credential', await signedFor({ vct: VCT })],
      ['credential', await signedFor({ ...base, cnf: { jwk: stranger.publicJwk } })],
      ['credential', await signedFor({ ...base, _sd: [digestOf(extra), digestOf(extra)] }, [extra])],
      ['credential', await signedFor({ ...base, _sd: [digestOf(extra)], is_over_18: false }, [extra])],
      ['credential', await signedFor({ ...base, _sd: [digestOf(hiddenEnd)] }, [hiddenEnd])],
      ['too_long', `${'a'.repeat(limits.CREDENTIAL_CHARACTERS)}~`],
      ['too_long', `${token}~${`${extra}~`.repeat(limits.DISCLOSURES + 1)}`],
    ];
    for (const [index, [code, bad]] of rows.entries()) await assert.rejects(receive(bad, expected()), refused(code), `row ${index}`);
    await assert.rejects(receive(text, { ...expected(), anchors: [] }), refused('unknown_anchor'));
  });

  it('hides nothing of what every object has', async () => {
    const disclosure = Buffer.from('["salt","constructor","név"]').toString('base64url');
    const payload = { vct: VCT, _sd: [createHash('sha256').update(disclosure).digest('base64url')] };
    const token = await sign({}, payload, holder.privateKey);
    const { claims } = await open(`${token}~${disclosure}~`);
    assert.equal(claims.constructor, 'név');
    assert.equal(claims.toString, undefined);
  });
});

const bits = (number) => number.toString(2).replaceAll('0', '').length;

describe('queries', () => {
  const held = { claims: { vct: VCT, ...PERSON }, name: 'a' };

  it('are answered with the first set that a person agrees to', () => {
    const [entry, ...more] = match(readQuery(QUERY), [held]);
    assert.deepEqual([entry.id, entry.isOptional, more], ['pid', false, []]);
    const [choice] = entry.choices;
    assert.deepEqual(choice.claims.map(({ id, isOptional, isPreferred }) => [id, isOptional, isPreferred]), [['family', false, true], ['given', false, true], ['email', true, true]]);
    const ids = (...agreed) => chosen(choice, new Set(agreed))?.map(({ id }) => id);
    assert.deepEqual(ids('family', 'given', 'email'), ['family', 'given', 'email']);
    assert.deepEqual(ids('family', 'given'), ['family', 'given']);
    assert.equal(ids('family', 'email'), undefined);
  });

  it('let a person refuse each of the claims that a service would like to have, as Kapu asks for them', () => {
    const optional = ['address', 'phone_number', 'sex', 'age_equal_or_over'];
    const paths = [['family_name'], ...optional.slice(0, 3).map((name) => [name]), ['age_equal_or_over', '18']];
    const claims = paths.map((path, index) => ({ id: `c${index}`, path }));
    const choices = [...Array(16).keys()].sort((one, other) => bits(other) - bits(one));
    const claim_sets = choices.map((choice) => ['c0', ...[1, 2, 3, 4].filter((index) => (choice >> (index - 1)) & 1).map((index) => `c${index}`)]);
    const query = readQuery({ credentials: [{ id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, claims, claim_sets }] });
    const full = { claims: { vct: VCT, family_name: 'Minta', address: { locality: 'Győr' }, phone_number: '+36', sex: 2, age_equal_or_over: { 18: true } } };
    const [{ choices: [choice] }] = match(query, [full]);
    assert.deepEqual(choice.claims.map(({ isOptional, isPreferred }) => [isOptional, isPreferred]), [[false, true], ...Array(4).fill([true, true])]);
    for (const set of claim_sets) assert.deepEqual(chosen(choice, new Set(set)).map(({ id }) => id), set);
    // Of a poorer credential what it has can still be refused.
    const [{ choices: [poor] }] = match(query, [{ claims: { vct: VCT, family_name: 'Minta', sex: 2 } }]);
    assert.deepEqual(poor.claims.map(({ id, isOptional }) => [id, isOptional]), [['c0', false], ['c3', true]]);
  });

  it('are not answered by what is missing, of another type or another value', () => {
    const credential = (more) => ({ credentials: [{ ...QUERY.credentials[0], claim_sets: undefined, ...more }] });
    const answers = (query, claims = held.claims) => match(readQuery(query), [{ claims }]) !== undefined;
    assert.ok(answers(credential({})));
    assert.ok(answers(credential({ claims: undefined })));
    assert.ok(answers(credential({ claims: [{ path: ['nationalities', null], values: ['HU', 'SK'] }] })));
    assert.ok(!answers(credential({ claims: [{ path: ['nationalities', null], values: ['SK'] }] })));
    assert.ok(!answers(credential({ claims: [{ path: ['portrait'] }] })));
    assert.ok(!answers(credential({ meta: { vct_values: ['other'] } })));
    assert.ok(!answers(credential({ format: 'mso_mdoc', meta: { doctype_value: 'x' } })));
  });

  it('with sets of credentials tell what may be left out', () => {
    const one = (id, name) => ({ id, format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, claims: [{ path: [name] }] });
    const query = { credentials: [one('a', 'family_name'), one('b', 'email'), one('c', 'portrait')], credential_sets: [{ options: [['c'], ['a']] }, { options: [['b']], required: false }] };
    assert.deepEqual(match(readQuery(query), [held]).map(({ id, isOptional }) => [id, isOptional]), [['a', false], ['b', true]]);
    assert.equal(match(readQuery({ ...query, credential_sets: [{ options: [['c']] }] }), [held]), undefined);
  });

  it('that are malformed or would mean something else are refused', () => {
    const [good] = QUERY.credentials;
    const bad = [
      undefined,
      {},
      { credentials: [] },
      { credentials: Array(limits.QUERY_CREDENTIALS + 1).fill(good) },
      { credentials: [good, good] },
      { credentials: [{ ...good, id: 'á' }] },
      { credentials: [{ ...good, require_cryptographic_holder_binding: false }] },
      { credentials: [{ ...good, claim_sets: [['nobody']] }] },
      { credentials: [{ ...good, claims: [{ path: ['a'] }] }] },
      { credentials: [{ ...good, claim_sets: undefined, claims: [{ path: [] }] }] },
      { credentials: [{ ...good, claim_sets: undefined, claims: [{ path: [-1] }] }] },
      { credentials: [{ ...good, claim_sets: undefined, claims: [{ path: ['a'], values: [{}] }] }] },
      { credentials: [{ ...good, claim_sets: undefined, claims: Array(limits.QUERY_CLAIMS + 1).fill({ path: ['a'] }) }] },
      { credentials: [good], credential_sets: [{ options: [['x']] }] },
    ];
    for (const [index, query] of bad.entries()) assert.throws(() => readQuery(query), refused('query'), `row ${index}`);
  });
});

describe('words of others', () => {
  it('neither move, hide nor flood what is around them', () => {
    assert.equal(shown('Magyarorszag.hu\u202e gpj.\n\tKapu\u0000\u2066 '), 'Magyarorszag.hu gpj. Kapu');
    assert.equal(shown('a'.repeat(1e6)).length, limits.SHOWN_CHARACTERS);
    assert.equal(shown('Ügyfélkapu'.normalize('NFD')), 'Ügyfélkapu');
  });

  it('that are codes of countries become their names', () => {
    const [hungarian, english] = ['hu', 'en'].map((lang) => new Words(lang, {}));
    assert.equal(hungarian.value({ country: 'HU', locality: 'Győr' }, 'place_of_birth'), 'Magyarország, Győr');
    assert.equal(english.value([['HU', 'RO']], 'nationalities'), 'Hungary, Romania');
    assert.equal(english.value('HU', 'family_name'), 'HU');
    assert.equal(english.value('Győr-Moson', 'country'), 'Győr-Moson');
  });
});

/** Keeps values as the browser's database does, in memory. */
class Memory {
  tables = { lock: new Map(), credential: new Map(), key: new Map(), history: new Map() };
  get = async (table, id) => this.tables[table].get(id);
  put = async (table, id, value) => void this.tables[table].set(id, value);
  delete = async (table, id) => void this.tables[table].delete(id);
  all = async (table) => [...this.tables[table]];
  clear = async () => Object.values(this.tables).forEach((table) => table.clear());
  update = async (table, id, change) => {
    const changed = change(this.tables[table].get(id));
    this.tables[table].set(id, changed);
    return changed;
  };
}

describe('what rests', () => {
  it('is sealed by the PIN, and opened by it alone', async () => {
    const [memory, clock] = [new Memory(), { now: 1000 }];
    const vault = new Vault(memory, () => clock.now);
    await assert.rejects(vault.create('111111'), refused('pin_weak'));
    await vault.create('593017');
    const id = await vault.keep({ text: 'titkos adat' }, holder.privateKey);
    await vault.note({ kind: 'received' });
    const rests = Buffer.concat([...memory.tables.credential.values(), ...memory.tables.history.values()].map(({ bytes }) => Buffer.from(bytes)));
    assert.ok(!rests.includes('titkos') && !rests.includes('received'));
    vault.close();
    await assert.rejects(vault.credentials(), refused('locked'));
    await assert.rejects(vault.open('593018'), refused('pin_wrong'));
    await vault.open('593017');
    assert.deepEqual((await vault.credentials()).map(({ text }) => text), ['titkos adat']);
    assert.equal(await vault.privateKey(id), holder.privateKey);
    assert.equal((await vault.history())[0].kind, 'received');
    // What is sealed for one place opens at no other.
    memory.tables.credential.set('other', memory.tables.credential.get(id));
    await assert.rejects(vault.credentials());
  });

  it('is behind a wait after some wrong PINs, and gone after more', { timeout: 120_000 }, async () => {
    const [memory, clock] = [new Memory(), { now: 1000 }];
    const vault = new Vault(memory, () => clock.now);
    await vault.create('593017');
    await vault.keep({ text: 'x' }, holder.privateKey);
    for (let wrong = 1; wrong <= limits.PIN_TRIES; wrong += 1) {
      const code = wrong < limits.PIN_TRIES_FREE ? 'pin_wrong' : wrong < limits.PIN_TRIES ? 'pin_wait' : 'pin_emptied';
      await assert.rejects(vault.open('000001'), refused(code), `try ${wrong}`);
      if (code === 'pin_wait') await assert.rejects(vault.open('593017'), refused('pin_wait'), 'not even the right one');
      clock.now += limits.PIN_WAIT_SECONDS;
    }
    assert.equal(await vault.isSet(), false);
    assert.equal(memory.tables.credential.size + memory.tables.key.size, 0);
  });

  it('takes no PIN that is guessed first', () => {
    for (const pin of ['000000', '123456', '987654', '12345', '1234567', '12a456', '']) assert.equal(isPin(pin), false, pin);
    for (const pin of ['593017', '112233', '000001']) assert.equal(isPin(pin), true, pin);
  });
});

describe('status lists', () => {
  const URI = 'http://kiallito.localhost/status/1';
  const place = (idx) => ({ status: { status_list: { idx, uri: URI } } });
  let asked;

  /** Lists that find this answer, or the list of these statuses in it. */
  const lists = async (statuses, bits, { certified = issuer, header = {}, more = {}, lst, at = now } = {}) => {
    asked = 0;
    const status_list = { bits, lst: lst ?? new StatusList(statuses, bits).compressStatusList() };
    const token = await signed({ typ: 'statuslist+jwt', x5c: certified.x5c, ...header }, { sub: URI, iat: now(), exp: now() + 60, ttl: 30, status_list, ...more }, certified.privateKey);
    const net = { send: async (where) => (assert.equal(where, URI), (asked += 1), { ok: true, status: 200, body: Buffer.from(token) }) };
    return new StatusLists(net, [authority.der], at);
  };

  it('are those of another library, of every width', async () => {
    for (const bits of [1, 2, 4, 8]) {
      const statuses = Array.from({ length: 200 }, (_, index) => (index * 7) % Math.min(3, 1 << bits));
      const found = await lists(statuses, bits);
      for (const [index, status] of statuses.entries()) assert.equal(await found.of(place(index)), ['valid', 'revoked', 'suspended'][status], `${index} of ${bits} bits`);
      assert.equal(asked, 1, 'a list is kept while it lives');
    }
    assert.equal(await (await lists([0, 9], 4)).of(place(1)), 'suspended', "an issuer's own status is none that is good");
    assert.equal(await (await lists([], 1)).of({}), undefined);
  });

  it('are asked for again once they are old', async () => {
    const clock = { now: now() };
    const found = await lists([1], 1, { at: () => clock.now });
    await found.of(place(0));
    clock.now += 31;
    assert.equal(await found.of(place(0)), 'revoked');
    assert.equal(asked, 2);
  });

  it('are believed of nobody else, and of no other list or time', async () => {
    const stranger = await (await Authority.create('Minta hitelesítő')).certify({ name: 'Minta Kiállító', use: DOCUMENT_SIGNER });
    const reader = await authority.certify({ name: 'Kapu minta', use: READER });
    for (const [what, code, options] of [
      ['a stranger', 'unknown_anchor', { certified: stranger }],
      ['a reader', 'certificate', { certified: reader }],
      ['another kind of token', 'signature', { header: { typ: 'JWT' } }],
      ['another list', 'credential', { more: { sub: `${URI}1` } }],
      ['an old list', 'credential', { more: { exp: now() - 1 } }],
      ['a list of tomorrow', 'credential', { more: { iat: now() + 86_400 } }],
      ['no time to live', 'credential', { more: { ttl: 0 } }],
      ['three bits', 'credential', { more: { status_list: { bits: 3, lst: 'AA' } } }],
      ['no ZLIB', 'credential', { lst: 'AAAA' }],
      ['a bomb', 'too_long', { lst: deflateSync(Buffer.alloc(limits.STATUS_BYTES + 1)).toString('base64url') }],
    ]) {
      await assert.rejects((await lists([0], 1, options)).of(place(0)), refused(code), what);
    }
    for (const status_list of [{ idx: -1, uri: URI }, { idx: 0.5, uri: URI }, { idx: 8, uri: URI }, { idx: 0 }, 7]) {
      await assert.rejects((await lists([0], 1)).of({ status: { status_list } }), refused('credential'), JSON.stringify(status_list));
    }
  });
});
