from hunkwise.evaluation.bench_key import world_hash


def test_other_weights_under_the_same_name_are_another_world(tmp_path):
    """Answers that the ranker named in the environment gave are not used once its weights have changed."""
    weights = tmp_path / "ranker.json"
    environ = {"HUNKWISE_RANKER": str(weights), "HUNKWISE_MODELS_DIR": str(tmp_path)}
    found = []
    for content in ("one", "one", "other"):
        weights.write_text(content)
        found.append(world_hash({}, environ))
    assert found[0] == found[1] != found[2]
