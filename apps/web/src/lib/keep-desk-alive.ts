type KeptDesk = { start(): Promise<void>; beat(): Promise<void>; stop(): void };

/** Keeps a desk's leases while the page is there, gives them back with it; returns the way to stop. */
export function keepDeskAlive(desk: KeptDesk, heartbeatSeconds: number): () => void {
  const beat = () => void desk.beat();
  const timer = setInterval(beat, heartbeatSeconds * 1000);
  const leave = () => desk.stop();
  // The browser may keep the page as it was, and show it again.
  const comeBack = (event: PageTransitionEvent) => event.persisted && void desk.start();
  // Timers sleep with the machine: a lease may have ended meanwhile, and nobody should read on in vain.
  const wake = () => document.visibilityState === 'visible' && beat();
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', comeBack);
  document.addEventListener('visibilitychange', wake);
  return () => {
    clearInterval(timer);
    window.removeEventListener('pagehide', leave);
    window.removeEventListener('pageshow', comeBack);
    document.removeEventListener('visibilitychange', wake);
  };
}
