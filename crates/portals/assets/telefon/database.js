// Values by table and id in the browser's own database. A memory of the same form serves tests.

const NAME = 'kapu-tarca';
const VERSION = 1;
const TABLES = ['lock', 'credential', 'key', 'history'];

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Opens the database. */
export async function openDatabase() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => TABLES.forEach((table) => request.result.createObjectStore(table));
  return new Database(await done(request));
}

class Database {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** What `work` asked of a table, once it rests. */
  async #change(tables, work) {
    const transaction = this.#database.transaction(tables, 'readwrite', { durability: 'strict' });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    work(transaction);
    await ended;
  }

  #table(table) {
    return this.#database.transaction(table).objectStore(table);
  }

  get(table, id) {
    return done(this.#table(table).get(id));
  }

  /** Every id with its value. */
  async all(table) {
    const rows = this.#table(table);
    const [ids, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
    return ids.map((id, index) => [id, values[index]]);
  }

  put(table, id, value) {
    return this.#change(table, (transaction) => transaction.objectStore(table).put(value, id));
  }

  /** Puts what `change` makes of the value, with nobody between; when that throws, nothing changes. */
  async update(table, id, change) {
    let [fault, changed] = [];
    const work = (transaction) => {
      const rows = transaction.objectStore(table);
      rows.get(id).onsuccess = ({ target }) => {
        try {
          changed = change(target.result);
          rows.put(changed, id);
        } catch (thrown) {
          fault = thrown;
          transaction.abort();
        }
      };
    };
    await this.#change(table, work).catch((aborted) => {
      throw fault ?? aborted;
    });
    return changed;
  }

  delete(table, id) {
    return this.#change(table, (transaction) => transaction.objectStore(table).delete(id));
  }

  /** Empties every table at once. */
  clear() {
    return this.#change(TABLES, (transaction) => TABLES.forEach((table) => transaction.objectStore(table).clear()));
  }
}
