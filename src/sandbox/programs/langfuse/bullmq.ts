// Imported late by its users: the names of a CommonJS package survive bundling only in a static import.
import { RedisConnection } from 'bullmq';
export { Queue, Worker } from 'bullmq';

// Closing takes the listeners off a connection that was never made before it has said why, and an error that
// nobody listens to ends the process (BullMQ 5.81, redis-connection.ts: init's catch emits). So one listener stays.
const close = Reflect.get(RedisConnection.prototype, 'close');
RedisConnection.prototype.close = async function closeHeard(force?: boolean): Promise<void> {
  const closed = close.call(this, force);
  this.on('error', () => undefined);
  await closed;
};
