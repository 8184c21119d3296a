"""Linear layers packed for a CPU: what they give, and which ones are left as they are."""

import pytest
import torch
from torch import nn

from sayso.stages.speech.devices.packed_linear import PackedLinear, pack


def model(*, bias: bool = True) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(48, 130, bias=bias), nn.GELU(), nn.Sequential(nn.Linear(130, 7)))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(1, 48), (16, 48), (2, 300, 48)])
def test_packed_layers_give_what_they_gave(shape: tuple[int, ...], bias: bool) -> None:
    plain, packed = model(bias=bias), model(bias=bias)
    pack(packed)
    assert [type(layer) for layer in packed.modules() if not [*layer.children()]] == [
        PackedLinear,
        nn.GELU,
        PackedLinear,
    ]
    x = torch.randn(shape)
    torch.testing.assert_close(packed(x), plain(x))


def test_the_bits_of_a_row_do_not_hang_on_the_rows_beside_it() -> None:
    packed = model()
    pack(packed)
    rows, others = torch.randn(16, 48), torch.randn(16, 48)
    others[5] = rows[5]
    assert torch.equal(packed(rows)[5], packed(others)[5])


def test_what_is_not_a_number_stays_in_its_row() -> None:
    packed = model()
    pack(packed)
    x = torch.randn(16, 48)
    x[3, 7] = torch.nan
    assert packed(x).isnan().all(1).tolist() == [row == 3 for row in range(16)]


def test_other_precisions_and_devices_keep_their_layers() -> None:
    for other in (model().bfloat16(), model().half(), model().to("meta")):
        pack(other)
        assert isinstance(other[0], nn.Linear)


def test_a_torch_without_such_products_keeps_its_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    plain = model()
    pack(plain)
    assert isinstance(plain[0], nn.Linear)
