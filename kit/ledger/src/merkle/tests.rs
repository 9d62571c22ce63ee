//! The mathematics against an independent, naive writing of RFC 6962, for all small trees and random large ones.

use super::*;
use core_crypto::Digest;
use kit_keys::Provider;
use proptest::prelude::*;
use std::convert::Infallible;

/// All complete subtrees of a list of leaves.
struct Rows(Vec<Vec<Hash>>);

impl Rows {
    fn of(leaves: &[Hash]) -> Self {
        let mut rows = vec![leaves.to_vec()];
        while rows[rows.len() - 1].len() > 1 {
            let below = &rows[rows.len() - 1];
            let row = below.as_chunks::<2>().0.iter().map(|[l, r]| node_hash(&Provider, l, r)).collect();
            rows.push(row);
        }
        Self(rows)
    }
}

impl Nodes for Rows {
    type Error = Infallible;

    fn node(&mut self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.0[level as usize][index as usize])
    }
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count as u32).map(|n| leaf_hash(&Provider, &n.to_be_bytes())).collect()
}

/// MTH of RFC 6962 §2.1, as it is written there, on leaf hashes.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Provider.sha256(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&Provider, &mth(left), &mth(right))
        }
    }
}

/// PATH of RFC 6962 §2.1.1.
fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut path, sibling) = if index < left.len() {
        (self::path(index, left), mth(right))
    } else {
        (self::path(index - left.len(), right), mth(left))
    };
    path.push(sibling);
    path
}

/// SUBPROOF of RFC 6962 §2.1.2.
fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![mth(leaves)] };
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut proof, sibling) = if old <= left.len() {
        (subproof(old, left, whole), mth(right))
    } else {
        (subproof(old - left.len(), right, false), mth(left))
    };
    proof.push(sibling);
    proof
}

fn included(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    verify_inclusion(&Provider, leaf, index, size, proof, root).is_ok()
}

fn consistent(old: u64, new: u64, proof: &[Hash], old_root: &Hash, new_root: &Hash) -> bool {
    verify_consistency(&Provider, old, new, proof, old_root, new_root).is_ok()
}

/// The vectors of the Certificate Transparency project for RFC 6962.
#[test]
fn k08_known_roots() {
    let entries: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut edge = Edge::empty();
    for (size, root) in roots.iter().enumerate() {
        let hex: String = edge.root(&Provider).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, *root, "size {size}");
        if let Some(entry) = entries.get(size) {
            edge.push(&Provider, leaf_hash(&Provider, entry), &mut Vec::new());
        }
    }
}

#[test]
fn k08_every_tree_up_to_300_has_the_root_of_rfc_6962() {
    let leaves = leaves(300);
    let (mut edge, mut full) = (Edge::empty(), Vec::new());
    for size in 0..=300 {
        let root = mth(&leaves[..size]);
        assert_eq!(edge.root(&Provider), root, "size {size}");
        if size > 0 {
            assert_eq!(root_at(&Provider, &mut Rows::of(&leaves[..size]), size as u64), Ok(root));
            assert_eq!(root_of(&Provider, &leaves[..size]), Some(root));
        }
        // What is taken up again from its partial tiles goes on in the same way.
        let mut levels = vec![Vec::new(); 2];
        edge.partial_tiles().for_each(|(level, _, row)| levels[level as usize] = row.to_vec());
        levels.truncate(if size < 256 { 1 } else { 2 });
        let resumed = Edge::resume(size as u64, levels).expect("its own tiles");
        assert_eq!(resumed.root(&Provider), root);
        if size < 300 {
            edge = resumed;
            edge.push(&Provider, leaves[size], &mut full);
        }
    }
    assert_eq!(full, [TileOut { level: 0, index: 0, hashes: leaves[..256].to_vec() }]);
}

#[test]
fn an_edge_of_the_wrong_width_is_refused() {
    let row = |count: usize| vec![[0; 32]; count];
    assert!(Edge::resume(3, vec![row(3)]).is_some());
    assert!(Edge::resume(3, vec![row(2)]).is_none());
    assert!(Edge::resume(3, Vec::new()).is_none());
    assert!(Edge::resume(3, vec![row(3), row(1)]).is_none());
    assert!(Edge::resume(256, vec![row(0), row(1)]).is_some());
    assert!(Edge::resume(256, vec![row(0)]).is_none());
    assert!(Edge::resume(0, Vec::new()).is_some());
}

/// Three levels of tiles: 70,000 is the example of tlog-tiles.
#[test]
fn k08_tiles_of_a_tree_of_70000_hash_to_its_root() {
    let leaves = leaves(70_000);
    let (mut edge, mut full) = (Edge::empty(), Vec::new());
    leaves.iter().for_each(|leaf| edge.push(&Provider, *leaf, &mut full));
    assert_eq!(edge.root(&Provider), mth(&leaves));
    let count = |level| full.iter().filter(|tile| tile.level == level).count();
    assert_eq!((count(0), count(1), count(2)), (273, 1, 0));
    let widths: Vec<_> = edge.partial_tiles().map(|(level, index, row)| (level, index, row.len())).collect();
    assert_eq!(widths, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
    // "each hash in a tile is the Merkle Tree Hash of a full tile at the level below"
    for tile in full.iter().filter(|tile| tile.level > 0) {
        for (place, hash) in tile.hashes.iter().enumerate() {
            let below = tile.index * 256 + place as u64;
            let below =
                full.iter().find(|t| t.level == tile.level - 1 && t.index == below).expect("a full tile");
            assert_eq!(*hash, mth(&below.hashes));
        }
    }
}

#[test]
fn k08_inclusion_of_every_entry_of_every_tree_up_to_300() {
    let leaves = leaves(300);
    for size in 1..=300 {
        let (tree, root) = (&leaves[..size], mth(&leaves[..size]));
        let mut rows = Rows::of(tree);
        for index in 0..size {
            let Ok(proof) = prove_inclusion(&Provider, &mut rows, index as u64, size as u64);
            assert!(included(&tree[index], index as u64, size as u64, &proof, &root), "{index} of {size}");
            if size <= 70 {
                assert_eq!(proof, path(index, tree), "{index} of {size}");
            }
            let wrong = (index + 1) % size;
            assert!(size == 1 || !included(&tree[index], wrong as u64, size as u64, &proof, &root));
            assert!(size == 1 || !included(&tree[wrong], index as u64, size as u64, &proof, &root));
        }
    }
}

#[test]
fn k08_consistency_of_every_pair_of_trees_up_to_300() {
    let leaves = leaves(300);
    let roots: Vec<Hash> = (0..=300).map(|size| mth(&leaves[..size])).collect();
    for new in 0..=300 {
        let mut rows = Rows::of(&leaves[..new]);
        for old in 0..=new {
            let Ok(proof) = prove_consistency(&Provider, &mut rows, old as u64, new as u64);
            assert!(consistent(old as u64, new as u64, &proof, &roots[old], &roots[new]), "{old} in {new}");
            if new <= 70 && old > 0 {
                assert_eq!(proof, subproof(old, &leaves[..new], true), "{old} in {new}");
            }
            if old > 0 {
                assert!(!consistent(old as u64, new as u64, &proof, &[7; 32], &roots[new]));
                assert!(!consistent(old as u64, new as u64, &proof, &roots[old], &[7; 32]));
            }
        }
    }
}

#[test]
fn sizes_at_the_end_of_the_range_end_the_check() {
    let proof = vec![[0; 32]; MAX_PROOF];
    for (index, size) in [(0, u64::MAX), (u64::MAX - 1, u64::MAX), (u64::MAX, u64::MAX), (0, 0), (5, 5)] {
        assert!(!included(&[0; 32], index, size, &proof, &[0; 32]));
        assert!(!consistent(index, size, &proof, &[0; 32], &[1; 32]));
    }
    assert!(!included(&[0; 32], 0, u64::MAX, &vec![[0; 32]; MAX_PROOF + 1], &[0; 32]));
    assert!(!consistent(1, 0, &[], &[0; 32], &[0; 32]));
}

/// One way of spoiling a proof.
#[derive(Clone, Copy, Debug)]
enum Harm {
    FlipHash(usize, usize),
    Drop(usize),
    Double(usize),
    Append([u8; 32]),
    Swap(usize, usize),
    FlipLeafOrOldRoot(usize),
    FlipRoot(usize),
    OtherIndex(u64),
}

fn harms() -> impl Strategy<Value = Harm> {
    let place = any::<usize>;
    prop_oneof![
        (place(), place()).prop_map(|(at, bit)| Harm::FlipHash(at, bit)),
        place().prop_map(Harm::Drop),
        place().prop_map(Harm::Double),
        any::<[u8; 32]>().prop_map(Harm::Append),
        (place(), place()).prop_map(|(a, b)| Harm::Swap(a, b)),
        place().prop_map(Harm::FlipLeafOrOldRoot),
        place().prop_map(Harm::FlipRoot),
        any::<u64>().prop_map(Harm::OtherIndex),
    ]
}

fn flip(hash: &mut Hash, bit: usize) {
    hash[bit / 8 % 32] ^= 1 << (bit % 8);
}

/// Spoils a proof; false when this harm cannot be done to it.
fn spoil(harm: Harm, proof: &mut Vec<Hash>, first: &mut Hash, root: &mut Hash) -> bool {
    let count = proof.len();
    match harm {
        Harm::FlipHash(at, bit) if count > 0 => flip(&mut proof[at % count], bit),
        Harm::Drop(at) if count > 0 => drop(proof.remove(at % count)),
        Harm::Double(at) if count > 0 => proof.insert(at % count, proof[at % count]),
        Harm::Append(hash) => proof.push(hash),
        Harm::Swap(a, b) if count > 0 && proof[a % count] != proof[b % count] => {
            proof.swap(a % count, b % count)
        }
        Harm::FlipLeafOrOldRoot(bit) => flip(first, bit),
        Harm::FlipRoot(bit) => flip(root, bit),
        _ => return false,
    }
    true
}

proptest! {
    #[test]
    fn k08_a_spoiled_inclusion_proof_proves_nothing(size in 1u64..2000, at in any::<u64>(), harm in harms()) {
        let (leaves, index) = (leaves(size as usize), at % size);
        let Ok(mut proof) = prove_inclusion(&Provider, &mut Rows::of(&leaves), index, size);
        let (mut leaf, mut root) = (leaves[index as usize], mth(&leaves));
        prop_assert!(included(&leaf, index, size, &proof, &root));
        if let Harm::OtherIndex(other) = harm {
            prop_assert!(other == index || !included(&leaf, other, size, &proof, &root));
            prop_assert!(other % size == index || !included(&leaf, other % size, size, &proof, &root));
        } else if spoil(harm, &mut proof, &mut leaf, &mut root) {
            prop_assert!(!included(&leaf, index, size, &proof, &root));
        }
    }

    #[test]
    fn k08_a_spoiled_consistency_proof_proves_nothing(new in 2u64..2000, at in any::<u64>(), harm in harms()) {
        let (leaves, old) = (leaves(new as usize), 1 + at % (new - 1));
        let Ok(mut proof) = prove_consistency(&Provider, &mut Rows::of(&leaves), old, new);
        let (mut old_root, mut root) = (mth(&leaves[..old as usize]), mth(&leaves));
        prop_assert!(consistent(old, new, &proof, &old_root, &root));
        if spoil(harm, &mut proof, &mut old_root, &mut root) {
            prop_assert!(!consistent(old, new, &proof, &old_root, &root));
        }
    }

    /// A log that changed, lost or moved one entry below the old size cannot be passed off as an extension.
    #[test]
    fn k08_a_changed_beginning_is_no_extension(new in 2u64..600, at in any::<u64>(), what in 0u8..3) {
        let honest = leaves(new as usize);
        let old = 1 + at % (new - 1);
        let place = (at / new % old) as usize;
        let mut forged = honest.clone();
        match what {
            0 => flip(&mut forged[place], 3),
            1 => drop(forged.remove(place)),
            _ => forged.swap(place, place + 1),
        }
        // A swap beyond the old tree's end still changes the old tree, unless both are within or without.
        prop_assume!(forged[..(old as usize).min(forged.len())] != honest[..old as usize]);
        let size = forged.len() as u64;
        prop_assume!(old <= size);
        let Ok(proof) = prove_consistency(&Provider, &mut Rows::of(&forged), old, size);
        prop_assert!(!consistent(old, size, &proof, &mth(&honest[..old as usize]), &mth(&forged)));
    }
}
