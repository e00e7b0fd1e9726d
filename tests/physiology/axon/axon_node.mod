TITLE Node of the human motor axon, with a second population of sodium channels that may be shifted

NEURON {
    SUFFIX axonnode
    NONSPECIFIC_CURRENT i
    RANGE area_um2
    RANGE pnat, pnap, gkf, gks, gna, gk, pump, nao, nai, ek, ena, shift, hurt, hurtshift
    RANGE mshift, hshift, pshift, nshift, sshift, mspeed, hspeed, pspeed, nspeed, sspeed
    RANGE msteep, hsteep, psteep, nsteep, ssteep
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
}

PARAMETER {
    area_um2 = 100
    pnat pnap
    gkf gks gna gk
    pump
    nao nai ek ena
    shift hurt hurtshift
    mshift hshift pshift nshift sshift
    mspeed hspeed pspeed nspeed sspeed
    msteep hsteep psteep nsteep ssteep
    celsius (degC)
}

STATE { m h p m2 h2 p2 n s }

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a[8]
    b[8]
}

INITIAL {
    rates(v)
    m = a[0] / (a[0] + b[0])
    h = a[1] / (a[1] + b[1])
    p = a[2] / (a[2] + b[2])
    m2 = a[3] / (a[3] + b[3])
    h2 = a[4] / (a[4] + b[4])
    p2 = a[5] / (a[5] + b[5])
    n = a[6] / (a[6] + b[6])
    s = a[7] / (a[7] + b[7])
}

BREAKPOINT {
    LOCAL pa
    SOLVE gates METHOD cnexp
    pa = (1 - hurt) * (pnat * m * m * m * h + pnap * p * p * p) * field(v)
    pa = pa + hurt * (pnat * m2 * m2 * m2 * h2 + pnap * p2 * p2 * p2) * field(v)
    pa = pa + (gkf * n * n * n * n + gks * s) * (v - ek) + gna * (v - ena) + gk * (v - ek) + pump
    : 1 pA over 1 um2 is 0.1 mA/cm2
    i = 0.1 * pa / area_um2
}

DERIVATIVE gates {
    rates(v)
    m' = a[0] * (1 - m) - b[0] * m
    h' = a[1] * (1 - h) - b[1] * h
    p' = a[2] * (1 - p) - b[2] * p
    m2' = a[3] * (1 - m2) - b[3] * m2
    h2' = a[4] * (1 - h2) - b[4] * h2
    p2' = a[5] * (1 - p2) - b[5] * p2
    n' = a[6] * (1 - n) - b[6] * n
    s' = a[7] * (1 - s) - b[7] * s
}

FUNCTION field(v (mV)) {
    : constant field, pA for each 1e-9 cm3/s
    LOCAL u
    u = v / (8.314462618 * (celsius + 273.15) / 96.48533212)
    if (fabs(u) < 1e-6) {
        field = 96.48533212 * (nai - nao)
    } else {
        field = 96.48533212 * u * (nai - nao * exp(-u)) / (1 - exp(-u))
    }
}

FUNCTION over(x, k) {
    if (fabs(x / k) < 1e-7) {
        over = k
    } else {
        over = x / (1 - exp(-x / k))
    }
}

FUNCTION warm(q10, reference) {
    warm = q10 ^ ((celsius - reference) / 10)
}

PROCEDURE rates(v (mV)) {
    LOCAL x, f, d
    FROM k = 0 TO 1 {
        d = v - shift + k * hurtshift
        f = mspeed * warm(2.2, 36)
        x = (d - mshift) * msteep
        a[3 * k] = f * 6.57 * over(x + 20.4, 10.3)
        b[3 * k] = f * 0.304 * over(-(x + 25.7), 9.16)
        f = hspeed * warm(2.9, 36)
        x = (d - hshift) * hsteep
        a[3 * k + 1] = f * 0.34 * over(-(x + 114), 11)
        b[3 * k + 1] = f * 12.6 / (1 + exp(-(x + 31.8) / 13.4))
        f = pspeed * warm(2.2, 36)
        x = (d - pshift) * psteep
        a[3 * k + 2] = f * 1.741 * over(x + 36.5, 10.3)
        b[3 * k + 2] = f * 0.0805 * over(-(x + 40.8), 9.16)
    }
    f = nspeed * warm(3, 36)
    x = (v - shift - nshift) * nsteep
    a[6] = f * 0.0462 * over(x + 83.2, 1.1)
    b[6] = f * 0.0824 * over(-(x + 66), 10.5)
    f = sspeed * warm(3, 37)
    x = (v - shift - sshift + 60) * ssteep
    a[7] = f * 0.00556 * exp(x / 22)
    b[7] = f * 0.00556 * exp(-x / 22)
}
