// An OpenID provider that nobody here wrote (npm oidc-provider; version 8 is the last for Node 18), as a ministry or a
// university has one.

import { generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import http from 'node:http';

// Debian's Node has it in a module only.
globalThis.crypto ??= webcrypto;
const { default: Provider } = await import('oidc-provider');

/** What the scopes show of an account (OpenID Connect Core section 5.4). */
const CLAIMS = {
  openid: ['sub', 'acr'],
  profile: ['name', 'family_name', 'given_name', 'birthdate'],
  email: ['email'],
};

/** Lives in seconds; what is not named here, the library speaks about. */
const LIVES = Object.fromEntries(['AccessToken', 'Grant', 'IdToken', 'Interaction', 'Session'].map((name) => [name, 600]));

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title><h1>Sign in</h1>
<form method="post">
<label for="name">User name</label> <input id="name" name="name" autocomplete="username">
<button>Sign in</button> <button name="cancel" value="yes">Cancel</button>
</form></html>`;

const signingKey = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'e2e', use: 'sig', alg: 'RS256' };
};

async function fields(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
}

/**
 * Starts a provider with one client. `accounts` are claims by user name, with `sub` and `acr` among them; to know the
 * user name is enough to sign in.
 */
export async function startOpenIdProvider({ port, clientId, clientSecret, redirectUri, accounts }) {
  const issuer = `http://oidc-provider.localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'RS256',
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32)] },
    claims: CLAIMS,
    ttl: LIVES,
    // Also in the ID token, not at the userinfo endpoint alone.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => {
      const claims = Object.values(accounts).find((claims) => claims.sub === sub);
      return claims && { accountId: sub, claims: () => claims };
    },
    // Nobody is asked for consent: the client is one of the house.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(oidc.params.scope);
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();

  async function interact(request, response) {
    const { cancel, name } = request.method === 'POST' ? await fields(request) : {};
    const account = accounts[name];
    if (cancel) return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'cancelled' });
    if (account) return provider.interactionFinished(request, response, { login: { accountId: account.sub, acr: account.acr } });
    return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
  }

  const server = http.createServer((request, response) => (request.url.startsWith('/interaction/') ? interact : answer)(request, response));
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return {
    issuer,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
