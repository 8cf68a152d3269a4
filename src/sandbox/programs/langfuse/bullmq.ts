// Imported late by its users: the names of a CommonJS package survive bundling only in a static import.
export { Queue, Worker } from 'bullmq';
