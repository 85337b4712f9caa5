import { get } from './client'
import type { OutboxMessage } from './types-admin'

/** The demo's messages that would have been sent. */
export const readOutbox = (phone = ''): Promise<{ items: OutboxMessage[] }> => get('/demo/outbox', { query: { phone } })
