from whytwitch.physiology.nerve import Demyelination, Nerve, conduct, conduction_velocity

print(conduction_velocity([7.3, 10.0, 14.0]))

thin = tuple(Demyelination(internode=k, lamellae_fraction=0.1) for k in range(8, 12))
print(conduct(Nerve(demyelination=thin)).velocity_m_s)
