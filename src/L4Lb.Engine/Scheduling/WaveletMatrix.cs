using System.Numerics;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// A permutation that answers "what is the k-th smallest of its first n numbers" in O(log n) time and O(n log n)
/// bits, after Claude, Navarro, Ordóñez: "The wavelet matrix", Information Systems 47 (2015). A table of the answers
/// would need O(n²) words. Immutable.
/// </summary>
internal sealed class WaveletMatrix
{
    // Immutable.
    private readonly Level[] _levels;

    /// <summary>Compiles <paramref name="permutation"/> of 0 … length - 1.</summary>
    public WaveletMatrix(ReadOnlySpan<int> permutation)
    {
        var bits = 32 - BitOperations.LeadingZeroCount((uint)Math.Max(permutation.Length - 1, 0));
        _levels = new Level[bits];
        int[] numbers = [.. permutation];
        for (var i = 0; i < bits; i++)
        {
            _levels[i] = new Level(numbers, bits - 1 - i);
            numbers = _levels[i].Sort(numbers);
        }
    }

    /// <summary>The number of rank <paramref name="rank"/> (from 0) among the first <paramref name="count"/>.</summary>
    public int SmallestOfFirst(int count, int rank)
    {
        var (from, to, number) = (0, count, 0);
        foreach (var level in _levels)
        {
            var (onesBefore, onesUpTo) = (level.OnesBefore(from), level.OnesBefore(to));
            var zeros = to - from - (onesUpTo - onesBefore);
            number <<= 1;
            if (rank < zeros)
            {
                (from, to) = (from - onesBefore, to - onesUpTo);
            }
            else
            {
                number |= 1;
                rank -= zeros;
                (from, to) = (level.Zeros + onesBefore, level.Zeros + onesUpTo);
            }
        }

        return number;
    }

    /// <summary>One bit of every number, in the order that the higher bits sorted them into.</summary>
    private sealed class Level
    {
        private readonly ulong[] _words;
        private readonly int[] _onesBeforeWord;
        private readonly int _bit;

        public Level(int[] numbers, int bit)
        {
            _bit = bit;
            _words = new ulong[(numbers.Length / 64) + 1];
            _onesBeforeWord = new int[_words.Length];
            for (var i = 0; i < numbers.Length; i++)
            {
                _words[i >> 6] |= (ulong)((numbers[i] >> bit) & 1) << (i & 63);
            }

            for (var i = 1; i < _words.Length; i++)
            {
                _onesBeforeWord[i] = _onesBeforeWord[i - 1] + BitOperations.PopCount(_words[i - 1]);
            }

            Zeros = numbers.Length - OnesBefore(numbers.Length);
        }

        /// <summary>Where the numbers with a one begin on the next level.</summary>
        public int Zeros { get; }

        public int OnesBefore(int position) =>
            _onesBeforeWord[position >> 6] +
            BitOperations.PopCount(_words[position >> 6] & ((1UL << (position & 63)) - 1));

        /// <summary>Zeros first, then ones, each in the order they had.</summary>
        public int[] Sort(int[] numbers) =>
            [.. numbers.Where(n => ((n >> _bit) & 1) == 0), .. numbers.Where(n => ((n >> _bit) & 1) == 1)];
    }
}
