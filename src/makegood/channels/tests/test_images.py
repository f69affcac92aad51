"""Pictures within a message are drawn anew; what is none, or too large, is an ordinary attachment."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import ExifTags, Image, ImageOps

from makegood.channels.parser import images
from makegood.channels.parser.images import MOST_BYTES, Budget
from makegood.channels.parser.process import with_inline_images
from makegood.conversations.envelope import Incoming, IncomingFile


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), mode: str = "RGB", **more: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, 1).save(target, kind, **more)
    return target.getvalue()


def file(content: bytes, kind: str = "image/png") -> IncomingFile:
    return IncomingFile("p", kind, content, inline=True, content_id="one@x")


def redrawn(shown: IncomingFile) -> IncomingFile:
    return images.redrawn(shown, Budget())


def bomb(width: int, height: int) -> bytes:
    """A PNG whose head says that it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_drawn_anew_in_its_kind(kind: str) -> None:
    shown = redrawn(file(picture(kind), f"image/{kind.lower()}"))

    assert shown.inline
    with Image.open(io.BytesIO(shown.content)) as again:
        assert (again.format, again.size) == (kind, (8, 6))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_the_right_way_up(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    photo = Image.new("RGB", (32, 16), "white")
    photo.paste("black", (0, 0, 16, 8))
    stored = io.BytesIO()
    photo.save(stored, kind, exif=exif)

    shown = redrawn(file(stored.getvalue(), f"image/{kind.lower()}"))

    wanted = ImageOps.exif_transpose(Image.open(stored))
    with Image.open(io.BytesIO(shown.content)) as again:
        assert (again.size, dict(again.getexif())) == (wanted.size, {})
        corners = [(2, 2), (2, wanted.height - 3), (wanted.width - 3, 2), (wanted.width - 3, wanted.height - 3)]
        assert [dark(again, corner) for corner in corners] == [dark(wanted, corner) for corner in corners]


def dark(picture: Image.Image, place: tuple[int, int]) -> bool:
    return picture.convert("L").getpixel(place) < 100  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_any_colours_can_be_drawn(mode: str) -> None:
    assert redrawn(file(picture(mode=mode))).inline


def test_what_hides_behind_the_picture_is_gone() -> None:
    shown = redrawn(file(picture() + b"<script>alert(1)</script>"))

    assert (shown.inline, b"<script>" in shown.content) == (True, False)


@pytest.mark.parametrize("content", [bomb(60_000, 60_000), bomb(2**31 - 1, 2**31 - 1), bomb(6_400, 6_400)])
def test_a_decompression_bomb_is_an_attachment_before_anything_is_decoded(content: bytes) -> None:
    begin = time.process_time()

    shown = redrawn(file(content))

    assert (shown.inline, shown.content) == (False, content)
    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize("content", [b"", b"no picture", picture()[:40], picture("GIF")[:30], bomb(0, 0)])
def test_a_broken_picture_is_an_attachment_as_it_came(content: bytes) -> None:
    shown = redrawn(file(content))

    assert (shown.inline, shown.content) == (False, content)


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/tiff", "image/bmp", "text/html", "image/x-icon"])
def test_other_kinds_are_attachments(kind: str) -> None:
    assert not redrawn(file(picture(), kind)).inline


def test_a_picture_under_a_false_label_is_an_attachment() -> None:
    assert not redrawn(file(picture("PNG"), "image/gif")).inline


def test_a_file_too_large_is_not_even_opened() -> None:
    assert not redrawn(file(b"x" * (MOST_BYTES + 1))).inline


def test_of_a_moving_picture_the_first_frame_is_shown() -> None:
    frames = [Image.new("P", (8, 6), n) for n in range(3)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])

    with Image.open(io.BytesIO(redrawn(file(target.getvalue(), "image/gif")).content)) as again:
        assert getattr(again, "n_frames", 1) == 1


def test_the_html_points_to_what_was_drawn_and_to_nothing_else() -> None:
    incoming = Incoming(
        html='<p>a<img src="cid:one@x"><img src="cid:two@x"></p>',
        files=[file(picture()), IncomingFile("q", "image/png", b"broken", inline=True, content_id="two@x")],
    )

    shown = with_inline_images(incoming)

    one, two = shown.files
    assert (one.inline, two.inline) == (True, False)
    assert shown.html is not None
    assert f'src="/files/{one.key}"' in shown.html
    assert two.key not in shown.html
    assert "cid:" not in shown.html


@pytest.mark.parametrize(
    ("kind", "size", "drawn"), [("PNG", 3_000, 1), ("GIF", 2_500, 2), ("WEBP", 2_500, 1), ("JPEG", 4_400, 2)]
)
def test_the_pictures_of_one_message_share_a_budget(kind: str, size: int, drawn: int) -> None:
    content = picture(kind, (size, size))
    incoming = Incoming(files=[file(content, f"image/{kind.lower()}") for _ in range(20)])
    begin = time.process_time()

    files = with_inline_images(incoming).files

    assert [shown.inline for shown in files] == [True] * drawn + [False] * (20 - drawn)
    assert all(shown.content == content for shown in files[drawn:])
    assert time.process_time() - begin < 2


def test_small_pictures_are_drawn_after_a_large_one_was_refused() -> None:
    incoming = Incoming(files=[file(picture(size=(6_300, 6_300))), file(picture())])

    assert [shown.inline for shown in with_inline_images(incoming).files] == [False, True]


def test_a_jpeg_of_many_scans_costs_as_many_pictures() -> None:
    content = picture("JPEG", (2_000, 2_000), progressive=True)
    scan = content[content.rfind(b"\xff\xda") : -2]

    assert not redrawn(file(content[:-2] + scan * 1_000 + content[-2:], "image/jpeg")).inline
    assert redrawn(file(content, "image/jpeg")).inline
