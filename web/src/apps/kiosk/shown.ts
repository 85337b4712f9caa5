import { shallowRef } from 'vue'
import type { PostingHit } from '@/api/types'

/** The gigs on the screen now; read by the read-aloud button. */
export const shown = shallowRef<PostingHit[]>([])
