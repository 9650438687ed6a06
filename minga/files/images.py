"""Draws pictures anew, so that nothing but their pixels and colour profile is kept."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from minga.files.office import Unfit

# Four bytes a pixel while drawing, and a copy when the picture is turned. Phones make up to 50 million.
MOST_PIXELS = 64_000_000
LARGEST_PROFILE = 2 * 1024 * 1024
SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}


@dataclass(frozen=True)
class Redrawn:
    """A picture drawn anew."""

    content: bytes
    width: int
    height: int


def form_of(content: bytes) -> str:
    """ "png", "jpg" or "webp" by the first bytes; "" for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((form for form, signature in SIGNATURES.items() if content.startswith(signature)), "")


def redrawn(content: bytes, form: str) -> Redrawn:
    """Draw a picture anew in its own form: upright, with its colour profile, without anything else.

    Args:
        form: "png", "jpg" or "webp".

    Raises:
        Unfit: "pixels", "animated" or "broken-image".
    """
    try:
        image = Image.open(BytesIO(content), formats=[_FORMATS[form]])
        if image.width * image.height > MOST_PIXELS:
            raise Unfit("pixels")
        # A JPEG of a phone may hold a second picture (depth, brightness); the first is the picture.
        if form != "jpg" and getattr(image, "n_frames", 1) > 1:
            raise Unfit("animated")
        image.load()
        return _saved(ImageOps.exif_transpose(image), form, lossless=b"VP8L" in content)
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("pixels") from None
    except Exception:
        # Decoders fail in many ways on made-up bytes (SyntaxError, struct.error, ...); each means the same here.
        raise Unfit("broken-image") from None


def _saved(image: Image.Image, form: str, *, lossless: bool) -> Redrawn:
    """Save pixels, transparency and colour profile. Savers look into `info` for comments and more: it is emptied."""
    profile, transparency = image.info.get("icc_profile"), image.info.get("transparency")
    image.info = {} if transparency is None or form != "png" else {"transparency": transparency}
    # Without loss, "quality" is how long WEBP looks for a smaller file.
    webp = {"quality": 30 if lossless else 90, "lossless": lossless}
    options = {"png": {}, "jpg": {"quality": 90}, "webp": webp}[form]
    stream = BytesIO()
    image.save(stream, _FORMATS[form], icc_profile=profile if _is_profile(profile) else None, **options)
    return Redrawn(stream.getvalue(), image.width, image.height)


def _is_profile(profile: bytes | None) -> bool:
    """Whether this is one whole colour profile, as its header says, with nothing after it."""
    return bool(
        profile
        and len(profile) <= LARGEST_PROFILE
        and profile[36:40] == b"acsp"
        and int.from_bytes(profile[:4], "big") == len(profile)
    )
