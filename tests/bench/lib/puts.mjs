// Runs in the page: one record saved by the app, by Dexie and by PouchDB, and how long each took in milliseconds.

/** Before the page's own scripts: the peers' strict durability, and toasts that go before the next tap. */
export function prepare() {
  const TOAST_MS = 6000;
  const wait = window.setTimeout;
  window.setTimeout = (then, ms, ...rest) => wait(then, ms === TOAST_MS ? 100 : ms, ...rest);
  // PouchDB has no option for it, and the browser's default does not wait for the disk.
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const strict = this.name.startsWith('_pouch_') && mode === 'readwrite';
    return transaction.call(this, stores, mode, strict ? { durability: 'strict' } : options);
  };
}

/** Opens the peers' databases and fills each with `count` records. */
export async function fillPeers({ event, count }) {
  const dexie = new window.Dexie('peer-dexie', { chromeTransactionDurability: 'strict' });
  dexie.version(1).stores({ records: 'id' });
  const pouch = new window.PouchDB('peer-pouch', { auto_compaction: false });
  const [held, { doc_count }] = [await dexie.table('records').count(), await pouch.info()];
  const copies = (there) =>
    Array.from({ length: Math.max(0, count - there) }, () => ({ ...event, id: crypto.randomUUID() }));
  await dexie.table('records').bulkPut(copies(held));
  await pouch.bulkDocs(copies(doc_count).map(({ id, ...rest }) => ({ _id: id, ...rest })));
  window.bench = { event, dexie, pouch };
}

export async function measure(what) {
  const { event, dexie, pouch } = window.bench;
  const id = crypto.randomUUID();
  const timed = async (work) => {
    const begun = performance.now();
    await work();
    return { ms: performance.now() - begun };
  };
  if (what === 'dexie') return timed(() => dexie.table('records').put({ ...event, id }));
  const { id: _, ...rest } = event;
  if (what === 'pouch') return timed(() => pouch.put({ _id: id, ...rest }));
  return tap();

  /** From the tap to the word Saved, and to the new record's row in the list. */
  function tap() {
    const button = document.querySelector('button[data-size="loud"]');
    const top = () => document.querySelector('li[data-record]');
    const before = top()?.dataset.record;
    return new Promise((done) => {
      const times = {};
      const begun = performance.now();
      const observer = new MutationObserver(() => {
        const now = performance.now() - begun;
        if (document.querySelector('.toast')) times.ms ??= now;
        const row = top();
        if (row && row.dataset.record !== before && row.dataset.state === 'queued') times.row ??= now;
        if (times.ms === undefined || times.row === undefined) return;
        observer.disconnect();
        done(times);
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      button.click();
    });
  }
}
