"""The column of Jansen and Rit in numba and in JAX, for peers.py. Time in s, potentials in V; states V_ein, X_ein, V_iin, X_iin, V_e, X_e, V_i, X_i."""
H_E, TAU_E, H_I, TAU_I = 3.25e-3, 0.01, 22e-3, 0.02


def compiled():
    """The slopes, and min and max of V_e - V_i from `after` on of a run by RK4, both compiled by numba."""
    import numpy as np
    from numba import njit, prange

    @njit(inline="always")
    def rate(x):
        return 5.0 / (1.0 + np.exp(560.0 * (6e-3 - x)))

    @njit
    def slopes(t, y, c):
        m, out = rate(y[4] - y[6]), np.empty(8)
        drive = (H_E * c / TAU_E * m, H_E * c / (4 * TAU_E) * m, H_E / TAU_E * (0.8 * c * rate(y[0]) + 220.0), H_I * c / (4 * TAU_I) * rate(y[2]))
        for k in range(4):
            tau = TAU_I if k == 3 else TAU_E
            out[2 * k] = y[2 * k + 1]
            out[2 * k + 1] = drive[k] - 2.0 * y[2 * k + 1] / tau - y[2 * k] / (tau * tau)
        return out

    @njit
    def extremes(c, dt, steps, after):
        y, low, high = np.zeros(8), np.inf, -np.inf
        for n in range(steps):
            if n >= after:
                v = y[4] - y[6]
                low, high = min(low, v), max(high, v)
            a = slopes(0.0, y, c)
            b = slopes(0.0, y + 0.5 * dt * a, c)
            d = slopes(0.0, y + 0.5 * dt * b, c)
            e = slopes(0.0, y + dt * d, c)
            y = y + dt / 6.0 * (a + 2.0 * b + 2.0 * d + e)
        return low, high

    @njit(parallel=False)
    def several(all_c, dt, steps, after):
        out = np.empty((all_c.size, 2))
        for k in prange(all_c.size):
            out[k] = extremes(all_c[k], dt, steps, after)
        return out

    return slopes, extremes, several


def in_jax(dt, steps, after):
    """A compiled function of many values of c: min and max of each."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    rate = lambda x: 5.0 * jax.nn.sigmoid(560.0 * (x - 6e-3))
    taus = jnp.array([TAU_E, TAU_E, TAU_E, TAU_I])[:, None]

    def slopes(y, c):
        v, x = y
        m = rate(v[2] - v[3])
        drive = jnp.stack([H_E * c / TAU_E * m, H_E * c / (4 * TAU_E) * m, H_E / TAU_E * (0.8 * c * rate(v[0]) + 220.0), H_I * c / (4 * TAU_I) * rate(v[1])])
        return jnp.stack([x, drive - 2.0 * x / taus - v / taus**2])

    def step(y, c):
        a = slopes(y, c)
        b = slopes(y + 0.5 * dt * a, c)
        d = slopes(y + 0.5 * dt * b, c)
        return y + dt / 6.0 * (a + 2.0 * b + 2.0 * d + slopes(y + dt * d, c))

    @jax.jit
    def run(c):
        y = jax.lax.fori_loop(0, after, lambda n, y: step(y, c), jnp.zeros((2, 4, c.size)))

        def seen(n, s):
            y, low, high = s
            v = y[0, 2] - y[0, 3]
            return step(y, c), jnp.minimum(low, v), jnp.maximum(high, v)

        far = jnp.full(c.shape, jnp.inf)
        return jax.lax.fori_loop(0, steps - after, seen, (y, far, -far))[1:]

    return run
