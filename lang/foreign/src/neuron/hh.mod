: The channels of Hodgkin and Huxley's squid axon: what `hh` computes, for scripts that read its values.
NEURON {
	SUFFIX hh
	USEION na READ ena WRITE ina
	USEION k READ ek WRITE ik
	NONSPECIFIC_CURRENT il
	RANGE gnabar, gkbar, gl, el, gna, gk
}

UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }

PARAMETER {
	gnabar = 0.12 (S/cm2)
	gkbar = 0.036 (S/cm2)
	gl = 0.0003 (S/cm2)
	el = -54.3 (mV)
}

STATE { m h n }

ASSIGNED {
	v (mV)
	celsius (degC)
	ena (mV)
	ek (mV)
	ina (mA/cm2)
	ik (mA/cm2)
	il (mA/cm2)
	gna (S/cm2)
	gk (S/cm2)
	minf hinf ninf
	mtau (ms) htau (ms) ntau (ms)
}

INITIAL {
	settle(v)
	m = minf
	h = hinf
	n = ninf
}

BREAKPOINT {
	SOLVE gates METHOD cnexp
	gna = gnabar * m^3 * h
	gk = gkbar * n^4
	ina = gna * (v - ena)
	ik = gk * (v - ek)
	il = gl * (v - el)
}

DERIVATIVE gates {
	settle(v)
	m' = (minf - m) / mtau
	h' = (hinf - h) / htau
	n' = (ninf - n) / ntau
}

UNITSOFF
PROCEDURE settle(v) {
	LOCAL q, open, close
	TABLE minf, mtau, hinf, htau, ninf, ntau DEPEND celsius FROM -100 TO 100 WITH 200
	q = 3^((celsius - 6.3) / 10)
	open = 0.1 * linear(-(v + 40), 10)
	close = 4 * exp(-(v + 65) / 18)
	mtau = 1 / (q * (open + close))
	minf = open / (open + close)
	open = 0.07 * exp(-(v + 65) / 20)
	close = 1 / (exp(-(v + 35) / 10) + 1)
	htau = 1 / (q * (open + close))
	hinf = open / (open + close)
	open = 0.01 * linear(-(v + 55), 10)
	close = 0.125 * exp(-(v + 65) / 80)
	ntau = 1 / (q * (open + close))
	ninf = open / (open + close)
}

FUNCTION linear(x, y) {
	if (fabs(x / y) < 1e-6) {
		linear = y * (1 - x / y / 2)
	} else {
		linear = x / (exp(x / y) - 1)
	}
}
UNITSON
