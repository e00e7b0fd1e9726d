"""Whether a twitch of one motor unit can be seen through the skin."""

from __future__ import annotations

from typing import Literal

from whytwitch.physiology._errors import PhysiologyError

Visibility = Literal["often", "sometimes", "hardly"]

# A judgment from anatomy alone, how deep the muscle lies and how thin the skin above it is. No study of what
# can be seen of single units is known; build, fat and light decide as much.
_OFTEN = [
    "frontalis",
    "orbicularis_oculi",
    "orbicularis_oris",
    "mentalis",
    "genioglossus",
    "abductor_pollicis_brevis",
    "abductor_digiti_minimi",
    "first_dorsal_interosseous",
    "extensor_digitorum_brevis",
    "abductor_hallucis",
]
_HARDLY = [
    "rhomboids",
    "supraspinatus",
    "flexor_digitorum_profundus",
    "flexor_pollicis_longus",
    "extensor_indicis",
    "diaphragm",
    "iliopsoas",
    "gluteus_medius",
    "tibialis_posterior",
    "cervical_paraspinals",
    "thoracic_paraspinals",
    "lumbar_paraspinals",
]
_SOMETIMES = [
    "masseter",
    "temporalis",
    "sternocleidomastoid",
    "trapezius",
    "serratus_anterior",
    "infraspinatus",
    "deltoid",
    "pectoralis_major",
    "latissimus_dorsi",
    "biceps_brachii",
    "triceps_brachii",
    "brachioradialis",
    "extensor_carpi_radialis",
    "extensor_digitorum",
    "pronator_teres",
    "flexor_carpi_radialis",
    "flexor_carpi_ulnaris",
    "intercostals",
    "rectus_abdominis",
    "gluteus_maximus",
    "adductor_longus",
    "rectus_femoris",
    "vastus_lateralis",
    "vastus_medialis",
    "biceps_femoris",
    "semitendinosus",
    "tibialis_anterior",
    "extensor_hallucis_longus",
    "peroneus_longus",
    "gastrocnemius",
    "soleus",
]
_BY_MUSCLE: dict[str, Visibility] = {
    **dict.fromkeys(_OFTEN, "often"),
    **dict.fromkeys(_SOMETIMES, "sometimes"),
    **dict.fromkeys(_HARDLY, "hardly"),
}


def visibility(muscle: str) -> Visibility:
    """Whether a twitch of one unit of this muscle is often, sometimes or hardly seen in a lean person.

    A judgment from anatomy, not a measurement.

    Args:
        muscle: id of the catalogue, such as ``"first_dorsal_interosseous"``.

    Raises:
        PhysiologyError: an unknown muscle.
    """
    try:
        return _BY_MUSCLE[muscle]
    except KeyError:
        raise PhysiologyError(
            f"muscle is {muscle!r}: no judgment on it; give an id of the catalogue, such as 'gastrocnemius'"
        ) from None
