"""Edge lists as people have them: every layout is read, every mistake named in a sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import networkx
import numpy as np
import pytest

from sim.errors import InputError
from sim.networks import EdgeList, Network
from tests.network_checks import assert_well_formed, same
from tests.shared_data import shared

LINKS = {(1, 2), (1, 3), (3, 10)}


def write(folder: Path, text: str | bytes, name: str = "links.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def read(path: str, labels: str | None = None) -> Network:
    network = EdgeList(Path(path), labels).build((1,), seed=1)
    assert_well_formed(network)
    return network


def links_of(network: Network) -> set[tuple[object, object]]:
    """The links by the ids of the file."""
    assert network.ids is not None
    ids = network.ids.tolist()
    return {
        (ids[i], ids[j])
        for i in range(network.creators)
        for j in network.neighbours(i).tolist()
        if ids[i] < ids[j]
    }


LAYOUTS = {
    "csv": "1,2\n1,3\n3,10\n",
    "header": "id_1,id_2\n1,2\n1,3\n3,10\n",
    "unknown header": "eins,zwei\n1,2\n1,3\n3,10\n",
    "no last newline": "1,2\n1,3\n3,10",
    "windows": "1,2\r\n1,3\r\n3,10\r\n",
    "byte order mark": "\ufeff1,2\n1,3\n3,10\n",
    "tabs": "1\t2\n1\t3\n3\t10\n",
    "spaces": "1 2\n1 3\n3 10\n",
    "ragged spaces": "  1   2\n1 \t 3 \n3      10\n",
    "spaces after commas": "1, 2\n1, 3\n3, 10\n",
    "semicolons": "1;2\n1;3\n3;10\n",
    "snap": "# Nodes: 4 Edges: 3\n# FromNodeId\tToNodeId\n1\t2\n1\t3\n3\t10\n",
    "matrix market comments": "% comment\n1 2\n1 3\n3 10\n",
    "comments in between": "1,2\n# half,way\n1,3\n\n3,10\n# end",
    "comment, then header": "# made by hand\nsource,target\n1,2\n1,3\n3,10\n",
    "blank lines": "\n\n1,2\n\n1,3\n3,10\n\n",
    "quotes": '"1","2"\n"1","3"\n"3","10"\n',
    "reciprocal and repeated": "1,2\n2,1\n1,3\n3,10\n1,3\n",
    "loops": "1,1\n1,2\n1,3\n3,10\n10,10\n",
    "more columns": "1,2,0.5,x\n1,3,0.25,y\n3,10,1,z\n",
    "temporal": "1 2 1082040961\n1 3 1082155839\n3 10 1082414391\n",
}


@pytest.mark.parametrize("squeezed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str, squeezed: bool, tmp_path: Path) -> None:
    data = LAYOUTS[layout].encode()
    network = read(write(tmp_path, gzip.compress(data) if squeezed else data))
    assert links_of(network) == LINKS
    assert network.creators == 4


def test_says_what_was_dealt_with(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2,x\n2,1,x\n1,3,x\n3,3,x\n3,10,x\n1,3,x\n4,4,x\n")
    notes = " | ".join(read(path).notes)
    assert "Links of creators to themselves, left out: 2." in notes
    assert "Lines that only repeat a link, or give it the other way round: 2." in notes
    assert "further columns, which were not used" in notes
    assert EdgeList(write(tmp_path, LAYOUTS["csv"], "clean.csv")).build((4,), 1).notes == ()


def test_says_that_a_header_was_left_out(tmp_path: Path) -> None:
    said = "The first line of the edge list, 'from,to', was taken for a header."
    assert said in read(write(tmp_path, "from,to\nann,bob\n")).notes
    plain = write(tmp_path, "ann,bob\nbob,cy\n", "plain.csv")
    assert not any("header" in note for note in read(plain).notes)
    labels = write(tmp_path, "id,label,weight\nann,a,3\nbob,b,4\ncy,b,5\n", "labels.csv")
    notes = " ".join(read(plain, labels).notes)
    assert "The first line of the label file, 'id,label,weight', was taken for a header." in notes
    assert "The label file has further columns, which were not used." in notes


@pytest.mark.parametrize("header", ["", "source,target\n", "From,To\n"])
def test_text_ids(header: str, tmp_path: Path) -> None:
    network = read(write(tmp_path, f"{header}ann,bob\nbob,Zoë\nann,42\n"))
    assert links_of(network) == {("ann", "bob"), ("Zoë", "bob"), ("42", "ann")}


def test_ids_of_any_size(tmp_path: Path) -> None:
    big = 2**62
    assert links_of(read(write(tmp_path, f"-5,{big}\n{big},7\n"))) == {(-5, big), (7, big)}
    huge = str(2**80)
    assert links_of(read(write(tmp_path, f"1,{huge}\n", "b.csv"))) == {("1", huge)}


WRONG = {
    "header of another width": ("a,b,c\n1,2\n", "line 1: expected two ids, got 'a,b,c'"),
    "one column": ("1\n2\n", "line 1: expected two ids, got '1'"),
    "one column later": ("1,2\n3,4\nfoo\n", "line 3: expected two ids, got 'foo'"),
    "one id missing": ("1,2\n3,\n", "line 2: expected two ids, got '3,'"),
    "text among numbers": ("1,2\n\n# c\n3,bar\n", "line 4: expected two ids, got '3,bar'"),
    "number not whole": ("1,2\n3,4.5\n", "line 2: expected two ids, got '3,4.5'"),
    "text id missing": ("a,b\nc,\n", "line 2: expected two ids, got 'c,'"),
    "prose": ("It was a dark night.\nNo links.\n", "line 2: expected two ids, got 'No links.'"),
    "html": ("<!DOCTYPE html>\n<html>\n", "line 2: expected two ids, got '<html>'"),
    "too many columns later": ("1 2\n3 4 5\n", "line 2: expected two ids, got '3 4 5'"),
    "empty": ("", "is empty; expected two ids on each line"),
    "only comments": ("# a\n# b\n", "is empty; expected two ids on each line"),
    "only a header": ("source,target\n", "is empty; expected two ids on each line"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a text file"),
    "broken gzip": (gzip.compress(b"1,2\n" * 1000)[:-20], "is not a complete gzip file"),
    "not utf-8": (b"1,2\n\xff\xfe,3\n", "line 2: expected two ids"),
    "not utf-8 text": (b"a,b\n\xff\xfe,c\n", "line 2: expected two ids"),
    "long line": ("1,2\n" + "x" * 500 + "\n", f"line 2: expected two ids, got '{'x' * 40}...'"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_mistakes_are_named(mistake: str, tmp_path: Path) -> None:
    data, sentence = WRONG[mistake]
    path = write(tmp_path, data)
    with pytest.raises(InputError) as refused:
        read(path)
    assert str(refused.value).startswith(f"network: edge list {path}")
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"edge list .*nowhere.csv does not exist"):
        read(str(tmp_path / "nowhere.csv"))
    with pytest.raises(InputError, match="cannot be read"):
        read(str(tmp_path))
    with pytest.raises(InputError, match=r"label file .*nowhere.csv does not exist"):
        read(write(tmp_path, "1,2\n"), str(tmp_path / "nowhere.csv"))


def test_labels_group_creators(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n1,3\n3,10\n")
    labels = write(tmp_path, "id,team\n1,Web Dev\n2,ML\n3,ML\n10,Web Dev\n77,ML\n", "labels.csv")
    network = read(path, labels)
    assert network.names == ("ml", "web_dev")
    assert network.sizes == (3, 2)
    assert network.ids is not None
    assert network.ids.tolist() == [2, 3, 77, 1, 10]
    assert links_of(network) == LINKS
    assert any(
        "Creators that only the label file has, without links: 1." in note for note in network.notes
    )


def test_declared_names_order_the_communities(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n")
    labels = write(tmp_path, "1,a\n2,b\n", "labels.csv")
    build = EdgeList(path, labels).build
    assert build((5, 5, 5), 1, ("b", "none", "a")).sizes == (1, 0, 1)
    assert build((5, 5), 1, ("b", "c")).names == ("a", "b")
    first = build((5, 5), 1, ("b", "a")).ids
    assert first is not None
    assert first.tolist() == [2, 1]


def test_numeric_labels_come_in_order(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n2,3\n")
    labels = write(tmp_path, "1,10\n2,9\n3,-1\n", "labels.csv")
    assert read(path, labels).names == ("label_minus_1", "label_9", "label_10")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,a\n1,b\n", "gives two labels to 1"),
        ("1,A b\n2,a-b\n", "'A b' and 'a-b' both name the community 'a_b'"),
        ("1\n", "line 1: expected an id and a label, got '1'"),
        ("1,a\nx,b\n", "line 2: expected an id and a label, got 'x,b'"),
        ("1,a\n2,\n", "line 2: expected an id and a label, got '2,'"),
    ],
)
def test_mistakes_in_labels(text: str, sentence: str, tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n")
    with pytest.raises(InputError, match=sentence):
        read(path, write(tmp_path, text, "labels.csv"))


def test_creators_without_a_label(tmp_path: Path) -> None:
    network = read(write(tmp_path, "1,2\n2,3\n"), write(tmp_path, "1,a\n", "labels.csv"))
    assert dict(zip(network.names, network.sizes, strict=True)) == {"a": 1, "unlabelled": 2}
    assert any(
        "Creators without a label, in community unlabelled: 2." in note for note in network.notes
    )
    both = read(write(tmp_path, "1,2\n"), write(tmp_path, "1,unlabelled\n", "labels.csv"))
    assert (both.names, both.sizes) == (("unlabelled",), (2,))


def test_declared_sizes_are_shares(tmp_path: Path) -> None:
    path = write(tmp_path, "".join(f"{i},{i + 1}\n" for i in range(999)))
    network = EdgeList(path).build((1, 1, 1), seed=4, names=("a", "b", "c"))
    assert network.sizes == (334, 333, 333)
    assert any("at random: a 334, b 333, c 333" in note for note in network.notes)
    assert links_of(network) == {(i, i + 1) for i in range(999)}
    again = EdgeList(path).build((1, 1, 1), seed=4)
    other = EdgeList(path).build((1, 1, 1), seed=5)
    assert same(network, again)
    assert not same(network, other)
    assert network.ids is not None
    dealt = network.ids[:334]
    assert abs(dealt.mean() - 499.5) < 4 * np.sqrt(1000**2 / 12 / 334)


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n")
    assert read(path).links == 1
    write(tmp_path, "1,2\n2,3\n")
    assert read(path).links == 2


@pytest.mark.parametrize(
    ("name", "creators", "links", "communities"),
    [
        ("github", 37_700, 289_003, 2),
        ("deezer", 28_281, 92_752, 2),
        ("lastfm", 7_624, 27_806, 18),
        ("twitch", 7_126, 35_324, 2),
    ],
)
def test_real_networks(name: str, creators: int, links: int, communities: int) -> None:
    edges, labels = (
        shared(f"networks/{name}-edges.csv.gz"),
        shared(f"networks/{name}-target.csv.gz"),
    )
    network = EdgeList(str(edges), str(labels)).build((10,), seed=1)
    assert (network.creators, network.links) == (creators, links)
    assert len(network.names) == communities
    headers = [note for note in network.notes if "taken for a header" in note]
    assert len(headers) == 2
    assert [note.split(":")[0] for note in network.notes if note not in headers] == [
        "Communities come from the labels",
        f"The edge list has {creators:,} creators instead of the 10 declared.",
    ]
    plain = EdgeList(str(edges)).build((10,), seed=1)
    assert sorted(plain.degree) == sorted(network.degree)


def test_directed_lists_say_who_follows_whom(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n3,2\n2,3\n1,2\n1,1\n")
    network = EdgeList(path, directed=True).build((3,), seed=1)
    assert_well_formed(network)
    assert [network.neighbours(i).tolist() for i in range(3)] == [[], [0, 2], [1]]
    assert network.links == 3
    assert network.degree.tolist() == [1, 1, 1]
    assert network.mean_degree == 1.0
    assert sorted(network.to_networkx().edges) == [(0, 1), (1, 2), (2, 1)]


@pytest.mark.parametrize("directed", [False, True])
def test_weights(directed: bool, tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,w\n1,2,0.5\n2,3,2\n2,1,1.5\n3,1,0.00002\n")
    network = EdgeList(path, weights=True, directed=directed).build((3,), seed=1)
    assert network.weights is not None
    found = {
        (i, int(j)): network.weights[at] / 2**16
        for i in range(3)
        for at, j in enumerate(network.neighbours(i), start=network.indptr[i])
    }
    tiny = 1 / 2**16
    if directed:
        assert found == {(1, 0): 0.5, (0, 1): 1.5, (2, 1): 2.0, (0, 2): tiny}
        assert network.strength.tolist() == [2**15, 7 * 2**15, 1]
    else:
        once = {(0, 1): 1.5, (1, 2): 2.0, (0, 2): tiny}
        assert found == once | {(j, i): w for (i, j), w in once.items()}
        assert network.strength.tolist() == [3 * 2**15 + 1, 7 * 2**15, 4 * 2**15 + 1]
    back = Network.from_networkx(network.to_networkx(), weight="weight")
    assert same(network, back)
    assert np.array_equal(network.weights, back.weights)
    loaded = Network.load(network.save(tmp_path / "net"))
    assert np.array_equal(loaded.weights, network.weights)
    assert np.array_equal(loaded.ids, [1, 2, 3])


@pytest.mark.parametrize("weight", ["nan", "0", "-1", "inf", "1e-9", "40000", "heavy", ""])
def test_weights_that_are_refused(weight: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"# weighted\na,b,w\n1,2,0.5\n\n2,3,{weight}\n")
    with pytest.raises(InputError, match=r"line 5: expected two ids and a weight above 0, got"):
        EdgeList(path, weights=True).build((3,), seed=1)


def test_weights_need_a_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 1: expected two ids and a weight above 0, got"):
        EdgeList(write(tmp_path, "1,2\n"), weights=True).build((3,), seed=1)


@pytest.mark.parametrize("weight", [0.0, float("nan"), "heavy"])
def test_networkx_weights_that_are_refused(weight: object) -> None:
    graph = networkx.Graph([(0, 1)])
    graph.edges[0, 1]["weight"] = weight
    with pytest.raises(InputError, match="must be a number above 0"):
        Network.from_networkx(graph, weight="weight")
    with pytest.raises(InputError, match="has no attribute 'team'"):
        Network.from_networkx(graph, community="team")


def test_more_labels_than_communities_can_be_are_refused(tmp_path: Path) -> None:
    links, labels = tmp_path / "links.csv", tmp_path / "labels.csv"
    links.write_text("0,1\n")
    labels.write_text("".join(f"{i},{i}\n" for i in range(2**16 - 1)))
    with pytest.raises(InputError, match=r"has 65,535 labels, and at most 65,534"):
        EdgeList(str(links), labels=str(labels)).build((1,), 0)
