// Runs in the page: puts records into the app's database as the app itself would have, only faster.

/** Copies a record that is there until there are `count`, the copies queued. Gives the copied event. */
export async function seed(count) {
  const database = await open('waymark-1');
  const transaction = database.transaction(['events', 'outbox', 'meta'], 'readwrite');
  const [events, outbox, meta] = ['events', 'outbox', 'meta'].map((name) => transaction.objectStore(name));
  const [row] = await answer(events.getAll(null, 1));
  const [entry] = await answer(outbox.getAll(null, 1));
  const [there, last] = [await answer(events.count()), await answer(meta.get('devseq'))];
  if (!row || !entry) throw new Error('the app has saved nothing that could be copied');
  const event = JSON.parse(new TextDecoder().decode(row.body.subarray(1)));
  for (let n = 1; n <= count - there; n++) {
    const devseq = last + n;
    // Older than the real ones by a second each, so that taps stay on top.
    const recorded = entry.recorded - n * 1000;
    const time = new Date(recorded).toISOString();
    const copy = { ...event, id: id(recorded, n), devseq, time, recorded: time };
    const json = new TextEncoder().encode(JSON.stringify(copy));
    const body = new Uint8Array(json.length + 1);
    body.set(json, 1);
    events.put({ ...row, id: copy.id, devseq, newest: -recorded, body });
    outbox.put({ ...entry, id: copy.id, devseq, recorded, bytes: json.length });
  }
  meta.put(last + count - there, 'devseq');
  await new Promise((done, failed) => {
    transaction.oncomplete = done;
    transaction.onabort = () => failed(transaction.error);
  });
  database.close();
  return event;

  /** A UUIDv7. */
  function id(ms, n) {
    const digits = ms.toString(16).padStart(12, '0') + '7' + n.toString(16).padStart(3, '0').slice(-3) + '8';
    const hex = (digits + n.toString(16).padStart(15, '0')).slice(0, 32);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  function open(name) {
    return answer(indexedDB.open(name));
  }

  function answer(request) {
    return new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }
}
