// What the browser tests need: the demo as a process of its own, Chromium, and independent tools
// where the product must not be its own judge (zbarimg reads QR codes, oathtool makes codes).

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const BINARY = process.env.KAPU_BINARY;
assert.ok(BINARY, 'KAPU_BINARY names the program to test; ./test sets it');

/** Longest wait for anything that a page or a process does, in milliseconds. */
const PATIENCE = 20_000;
/** A TOTP step in seconds (RFC 6238 section 4.1). */
const STEP = 30;

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'kapu-e2e-'));

/** A port that nobody listens at. */
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** The first of a process's lines that `fits`, or how the process ended before. */
export function firstLine(process, ended, fits) {
  const line = new Promise((done) => createInterface({ input: process.stdout }).on('line', (line) => fits(line) && done(line)));
  return Promise.race([line, ended.then((end) => ({ end }))]);
}

/** A PostgreSQL server, kept by the script that keeps those of the Rust tests. */
export class Postgres {
  static KEEPER = fileURLToPath(new URL('../crates/testkit/src/postgres.sh', import.meta.url));
  #databases = 0;

  static async start() {
    const server = new Postgres();
    server.keeper = spawn('sh', [Postgres.KEEPER], { stdio: ['pipe', 'pipe', 'inherit'] });
    server.ended = new Promise((done) => server.keeper.once('exit', (code, signal) => done(code ?? signal)));
    server.folder = await firstLine(server.keeper, server.ended, () => true);
    assert.equal(typeof server.folder, 'string', `PostgreSQL did not start (${server.folder.end})`);
    return server;
  }

  /** The address of an empty database of its own. */
  database() {
    const name = `kapu_${++this.#databases}`;
    execFileSync('psql', ['--quiet', '--no-psqlrc', `--host=${this.folder}`, '--username=kapu', '--dbname=postgres', `--command=CREATE DATABASE ${name}`]);
    return `host=${this.folder} user=kapu dbname=${name}`;
  }

  async stop() {
    this.keeper.stdin.end();
    assert.equal(await this.ended, 0);
  }
}

/** Kapu's demo with an empty data folder of its own. */
export class Demo {
  static async start(...options) {
    const demo = new Demo();
    demo.data = temporaryFolder();
    demo.log = '';
    const listen = `127.0.0.1:${await freePort()}`;
    demo.process = spawn(BINARY, ['demo', '--listen', listen, '--data', demo.data, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    demo.process.stderr.on('data', (bytes) => (demo.log += bytes));
    demo.ended = new Promise((done) => demo.process.once('exit', (code, signal) => done(code ?? signal)));
    const ready = await firstLine(demo.process, demo.ended, (line) => line.startsWith('ready '));
    assert.equal(typeof ready, 'string', `the demo ended (${ready.end}) before it was ready:\n${demo.log}`);
    demo.index = new URL(ready.slice(6));
    demo.accounts = JSON.parse(readFileSync(join(demo.data, 'demo-accounts.json'), 'utf8'));
    return demo;
  }

  /** An address at one of the surfaces: `at('kau', '/x')`. */
  at(surface, path = '/') {
    return new URL(path, `http://${surface}.localhost:${this.index.port}`).href;
  }

  /** The same in a language: Hungarian is what a page speaks unless it is asked. */
  in(lang, surface, path = '/') {
    const address = new URL(surface ? this.at(surface, path) : this.index);
    if (lang !== 'hu') address.searchParams.set('lang', lang);
    return address.href;
  }

  /** A person who has only a password and can sign in. */
  withPassword() {
    return this.#account((account) => !account.totp_secret && !account.activation_code);
  }

  /** A person whose authenticator is active. */
  withAuthenticator() {
    return this.#account((account) => account.totp_secret);
  }

  #account(fits) {
    const account = this.accounts.find((account) => !account.isTaken && fits(account));
    assert.ok(account, 'the demo has such a person');
    account.isTaken = true;
    return account;
  }

  /** Runs another command of the program on this demo's data. */
  command(...words) {
    return execFileSync(BINARY, [...words, '--data', this.data], { encoding: 'utf8' });
  }

  /** Changes one row of the demo's database: what only hours would bring about otherwise. */
  write(sql) {
    const script = 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as data: print(data.execute(sys.argv[2]).rowcount)';
    const rows = execFileSync('/usr/bin/python3', ['-c', script, join(this.data, 'kapu.sqlite'), sql], { encoding: 'utf8' });
    assert.equal(rows, '1\n', sql);
  }

  /** Codes may be used again that `account` used: what only minutes would bring about otherwise. */
  letCodesPass({ username }) {
    const person = `SELECT person FROM user_name WHERE name = '${username}'`;
    this.write(`UPDATE authenticator SET last_step = 0 WHERE state = 'active' AND person = (${person})`);
  }

  /** Ends it as a machine does, and holds it to a clean end. Its data stay. */
  async end() {
    this.process.kill('SIGTERM');
    assert.equal(await this.ended, 0, `the demo ends cleanly:\n${this.log}`);
  }

  async stop() {
    await this.end();
    rmSync(this.data, { recursive: true });
  }
}

export const launch = (...more) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
      ...more,
    ],
  });

/**
 * A person's browser: a context of its own, in a language and a width. What the content security
 * policy refused, and any script error, is an error of the test that closes it.
 */
export async function open(browser, { lang = 'hu', width = 1280, script = true, scheme = 'light' } = {}) {
  const context = await browser.newContext({
    locale: lang === 'hu' ? 'hu-HU' : 'en-GB',
    viewport: { width, height: 900 },
    javaScriptEnabled: script,
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE);
  const faults = [];
  context.on('console', (message) => /content security policy/i.test(message.text()) && faults.push(message.text()));
  context.on('weberror', (error) => faults.push(error.error().message));
  const page = await context.newPage();
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, context, close };
}

/** Presses the button, or follows the link, that a screen reader calls so. */
export async function press(page, name) {
  const exact = typeof name === 'string';
  await page.getByRole('button', { name, exact }).or(page.getByRole('link', { name, exact })).click();
}

export const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();

export const fill = (page, label, value) => page.getByLabel(label, { exact: true }).fill(value);

/** Loads the page again until `find` finds something on it: what a person does who waits for a letter. */
export async function reloadUntil(page, find) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await page.reload()) {
    const what = await find(page);
    if (what) return what;
  }
  assert.fail(`it never came: ${page.url()}\n${await page.locator('body').innerText()}`);
}

/** What the QR code on the screen says, read by zbarimg from a screenshot. */
export async function readQrCode(page) {
  const folder = temporaryFolder();
  const picture = join(folder, 'page.png');
  try {
    writeFileSync(picture, await page.screenshot({ fullPage: true }));
    // Standard error is kept for a failure; zbarimg also speaks there of a D-Bus that is not needed.
    return execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A phone's authenticator app, played by oathtool. Each code belongs to a later step than the one
 * before, since a step is used once; the server takes the next step too, so two uses need no waiting.
 */
export class Authenticator {
  #secret;
  #last = 0;

  constructor(secret) {
    this.#secret = secret;
  }

  static from(otpauth) {
    const url = new URL(otpauth);
    assert.equal(`${url.protocol}//${url.host}`, 'otpauth://totp');
    return new Authenticator(url.searchParams.get('secret'));
  }

  code() {
    const now = Math.floor(Date.now() / 1000 / STEP);
    const step = Math.max(now, this.#last + 1);
    assert.ok(step <= now + 1, 'this journey uses more codes than two steps have');
    this.#last = step;
    return execFileSync('oathtool', ['--totp', '--base32', `--now=@${step * STEP}`, this.#secret], { encoding: 'utf8' }).trim();
  }

  /** The same app as it is later, when the steps of its codes are over. */
  later() {
    return new Authenticator(this.#secret);
  }

  /** Six digits that are wrong now and in the steps around. */
  wrongCode() {
    const steps = [-2, -1, 0, 1, 2].map((n) => `--now=@${Math.floor(Date.now() / 1000) + n * STEP}`);
    const right = steps.map((now) => execFileSync('oathtool', ['--totp', '--base32', now, this.#secret], { encoding: 'utf8' }).trim());
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code));
  }
}

/** `fetch` that finds `*.localhost` on this machine, as browsers do and Node's resolver does not. */
export function fetchLocal(address, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const lookup = (_name, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
    const request = http.request(address, { method, headers: Object.fromEntries(new Headers(headers)), lookup, timeout: PATIENCE }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const hasBody = ![204, 304].includes(answer.statusCode);
        const headers = Object.entries(answer.headers).flatMap(([name, value]) => [value].flat().map((value) => [name, value]));
        resolve(new Response(hasBody ? Buffer.concat(parts) : null, { status: answer.statusCode, headers }));
      });
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error(`no answer from ${address}`)));
    request.end(body == null ? undefined : String(body));
  });
}
