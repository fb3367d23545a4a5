"""Images from files: damaged ones are left out, the chosen ones are the same on any day."""

import torch

from jscgc_model.evaluation import EvaluatedImages
from tests.model.data.image_sets import ImagesInMemory, as_bytes, place_image


def files(n, *, damaged=(), side=8):
    return ImagesInMemory(
        {
            f"{number:03d}.png": b"nothing"
            if number in damaged
            else as_bytes(place_image(side, side, number))
            for number in range(n)
        }
    )


def all_of(images):
    batches = list(images.batches())
    numbers = torch.cat([batch.numbers for batch in batches]).tolist()
    return numbers, torch.cat([batch.pixels for batch in batches]), batches


def test_damaged_images_are_left_out_with_their_labels():
    given = files(6, damaged=(1, 4))
    images = EvaluatedImages.from_files(given, labels=[10, 11, 12, 13, 14, 15])
    numbers, pixels, batches = all_of(images)
    assert numbers == [0, 2, 3, 5]
    assert (255.0 * pixels[:, 2, 0, 0]).round().tolist() == [0, 2, 3, 5]
    assert torch.cat([batch.labels for batch in batches]).tolist() == [10, 12, 13, 15]


def test_some_are_chosen_by_the_seed():
    chosen = [EvaluatedImages.from_files(files(50), n_images=8, seed=s) for s in (0, 0, 1)]
    numbers = [all_of(one)[0] for one in chosen]
    assert numbers[0] == numbers[1] == sorted(set(numbers[0]))
    assert len(numbers[0]) == 8
    assert numbers[0] != numbers[2]
    assert chosen[0].digest == chosen[1].digest != chosen[2].digest
    assert all_of(EvaluatedImages.from_files(files(5), n_images=9))[0] == list(range(5))


def test_images_are_resized_and_made_grey():
    images = EvaluatedImages.from_files(files(2, side=16), channels=1, shorter_side=8)
    _, pixels, _ = all_of(images)
    assert pixels.shape == (2, 1, 8, 8)
    assert images.digest != EvaluatedImages.from_files(files(2, side=16)).digest


def test_a_passage_can_be_made_again():
    images = EvaluatedImages.from_files(files(5))
    torch.testing.assert_close(all_of(images)[1], all_of(images)[1], rtol=0, atol=0)
    assert len(images) == 5
    assert not images.has_labels
