// Runs in pages: how long it takes until nothing is left to send, in milliseconds.

/**
 * Begins to watch; `drained` then tells how long it took from the network's return until the app said that it is idle, in
 * milliseconds, and how many requests there were (those before another site's, where the browser asks whether it may, not counted).
 */
export async function watchDrain() {
  performance.setResourceTimingBufferSize(1_000_000);
  const shell = document.querySelector('[data-sync]');
  const online = new Promise((done) => window.addEventListener('online', () => done(performance.now()), { once: true }));
  const idle = online.then(
    (begun) =>
      new Promise((done) => {
        let sent = false;
        const look = () => {
          sent ||= shell.dataset.sync === 'sending';
          if (!sent || shell.dataset.sync !== 'idle') return;
          observer.disconnect();
          const asked = performance.getEntriesByType('resource').filter(({ startTime }) => startTime >= begun).length;
          done({ ms: performance.now() - begun, asked });
        };
        const observer = new MutationObserver(look);
        observer.observe(shell, { attributeFilter: ['data-sync'] });
        look();
      }),
  );
  window.drained = idle;
}

export async function drained(count) {
  const took = await Promise.race([
    window.drained,
    new Promise((_, failed) => setTimeout(() => failed(new Error('the queue is not empty after ten minutes')), 600_000)),
  ]);
  const database = await answer(indexedDB.open('waymark-1'));
  const all = (name) => answer(database.transaction(name).objectStore(name).getAll());
  const [outbox, receipts] = [await all('outbox'), await all('receipts')];
  database.close();
  const named = new Set(receipts.flatMap(({ ids }) => ids)).size;
  if (outbox.length > 0 || named !== count) throw new Error(`${outbox.length} wait, ${named} have receipts`);
  return took;

  function answer(request) {
    return new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }
}

export async function fill({ event: { id: _, ...rest }, count }) {
  const database = new window.PouchDB('peer');
  await database.bulkDocs(Array.from({ length: count }, () => ({ _id: crypto.randomUUID(), ...rest })));
  window.database = database;
}

export async function replicate({ to, batch, count }) {
  const begun = performance.now();
  const options = batch ? { batch_size: batch } : {};
  const { docs_written: written } = await window.database.replicate.to(to, options);
  const took = performance.now() - begun;
  if (written !== count) throw new Error(`${written} of ${count} documents were written`);
  return took;
}
