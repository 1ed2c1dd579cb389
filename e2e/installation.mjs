// An installation as an operator has it: `kapu serve` by a configuration, with something before it that ends TLS. Its
// accounts are those of a demo, which made them and ended.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { webcrypto } from 'node:crypto';
import { BINARY, Demo, fetchLocal, firstLine, launch } from './kit.mjs';
import { Authority } from './wallet-parties.mjs';

const SERVER = '1.3.6.1.5.5.7.3.1';

/** In the folder of the demo. Nobody takes its letters. */
const CONFIG = `
listen = "127.0.0.1:0"
operations_listen = "127.0.0.2:0"
cutover = "2025-01-16T00:00:00[Europe/Budapest]"
[origins]
kau = "https://kau.example.org"
ugyfelkapu = "https://ugyfelkapu.example.org"
dap = "https://dap.example.org"
[database]
sqlite = "kapu.sqlite"
[keys]
file = "master.key"
[mail]
smtp = "smtp://127.0.0.1:1"
from = "Kapu <kapu@example.org>"
`;

export class Installation {
  /** `tables` are added to its configuration, `files` lie beside that, by name. */
  static async start(tables, files) {
    const one = new Installation();
    one.demo = await Demo.start();
    await one.demo.end();
    for (const [name, text] of Object.entries({ ...files, 'kapu.toml': CONFIG + tables })) writeFileSync(join(one.demo.data, name), text);
    one.config = join(one.demo.data, 'kapu.toml');
    const process = spawn(BINARY, ['serve', '--config', one.config], { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise((done) => process.once('exit', (code, signal) => done(code ?? signal)));
    const line = await firstLine({ stdout: process.stderr }, ended, (line) => line.includes('listen_on'));
    assert.equal(typeof line, 'string', `it ended (${line.end}) before it was served`);
    one.port = Number(new URL(`http://${JSON.parse(line).listen_on}`).port);
    Object.assign(one.demo, { process, ended });
    await one.#endTls();
    return one;
  }

  async #endTls() {
    const { privateKey, der } = await (await Authority.create('TLS')).certify({ name: 'example.org', use: SERVER, dns: ['*.example.org'] });
    const pem = (what, bytes) => `-----BEGIN ${what}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${what}-----\n`;
    const key = pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', privateKey));
    this.front = createServer({ key, cert: pem('CERTIFICATE', der) }, (outer) => {
      const inner = connect(this.port, '127.0.0.1');
      for (const socket of [outer, inner]) socket.on('error', () => [outer, inner].forEach((either) => either.destroy()));
      outer.pipe(inner).pipe(outer);
    });
    await new Promise((done) => this.front.listen(0, '127.0.0.1', done));
  }

  /** A browser that finds it. */
  launch() {
    return launch(`--host-resolver-rules=MAP *.example.org 127.0.0.1:${this.front.address().port}`, '--ignore-certificate-errors');
  }

  at(surface, path = '/') {
    return `https://${surface}.example.org${path}`;
  }

  in(lang, surface, path = '/') {
    return `${this.at(surface, path)}${lang === 'hu' ? '' : `?lang=${lang}`}`;
  }

  /** `fetch` for whoever is no browser: what stands before it takes TLS off. */
  fetch = (address, init = {}) => {
    const { host, pathname, search } = new URL(address);
    const headers = new Headers(init.headers);
    headers.set('host', host);
    return fetchLocal(`http://127.0.0.1:${this.port}${pathname}${search}`, { ...init, headers });
  };

  /** Runs another command of the program on it. */
  command(...words) {
    return execFileSync(BINARY, [...words, '--config', this.config], { encoding: 'utf8' });
  }

  async stop() {
    await new Promise((closed) => this.front.close(closed));
    await this.demo.stop();
  }
}
