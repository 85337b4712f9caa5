import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/session'
import type { Me } from '@/api/types'

const ANONYMOUS: Me = {
  role: 'anonymous',
  name: '',
  account_id: '',
  regions: [],
  needs_profile: false,
  demo: false,
  permissions: [],
}

/** Who is using this page. Pages ask `can`; they never decide from the role what is lawful. */
export const useSession = defineStore('session', () => {
  const me = ref<Me>(ANONYMOUS)
  const known = ref(false)
  const signedIn = computed(() => me.value.role !== 'anonymous')

  function take(now: Me): Me {
    me.value = now
    known.value = true
    return now
  }

  /** Reads the session once; `again` asks anew. */
  async function load(again = false): Promise<Me> {
    if (known.value && !again) return me.value
    return take(await api.readMe())
  }

  async function signOut(): Promise<void> {
    await api.signOut()
    take({ ...ANONYMOUS, demo: me.value.demo })
  }

  return {
    me,
    known,
    signedIn,
    load,
    signOut,
    can: (permission: string): boolean => me.value.permissions.includes(permission),
    signInStaff: async (username: string, password: string) => take(await api.signInStaff(username, password)),
    signInPhone: async (phone: string, code: string, purpose: api.PhonePurpose) =>
      take(await api.signInPhone(phone, code, purpose)),
    pairKiosk: async (code: string) => take(await api.pairKiosk(code)),
  }
})
