namespace L4Lb.K8s.Pools;

/// <summary>
/// A set of addresses as sorted runs of consecutive ones: the first one that is not in it is found without looking at those
/// that are. Not thread-safe.
/// </summary>
internal sealed class AddressRuns
{
    private readonly List<AddressRange> _runs = [];

    /// <summary>Adds an address that is not in the set.</summary>
    public void Add(UInt128 address)
    {
        var left = Find(address);
        var joinsLeft = left >= 0 && _runs[left].Last + 1 == address;
        var joinsRight = left + 1 < _runs.Count && _runs[left + 1].First == address + 1;
        if (joinsLeft && joinsRight)
        {
            _runs[left] = new AddressRange(_runs[left].First, _runs[left + 1].Last);
            _runs.RemoveAt(left + 1);
        }
        else if (joinsLeft)
        {
            _runs[left] = _runs[left] with { Last = address };
        }
        else if (joinsRight)
        {
            _runs[left + 1] = _runs[left + 1] with { First = address };
        }
        else
        {
            _runs.Insert(left + 1, new AddressRange(address, address));
        }
    }

    /// <summary>Removes an address that is in the set.</summary>
    public void Remove(UInt128 address)
    {
        var index = Find(address);
        var run = _runs[index];
        _runs.RemoveAt(index);
        if (address < run.Last)
        {
            _runs.Insert(index, run with { First = address + 1 });
        }

        if (address > run.First)
        {
            _runs.Insert(index, run with { Last = address - 1 });
        }
    }

    /// <summary>The first address of a range that is not in the set; null when all are.</summary>
    public UInt128? FirstOutside(in AddressRange range)
    {
        var index = Find(range.First);
        if (index < 0 || _runs[index].Last < range.First)
        {
            return range.First;
        }

        // Runs never touch, so whatever follows one is outside.
        return _runs[index].Last < range.Last ? _runs[index].Last + 1 : null;
    }

    /// <summary>What a range and the set have in common.</summary>
    public IEnumerable<AddressRange> Within(AddressRange range)
    {
        for (var i = Math.Max(0, Find(range.First)); i < _runs.Count && _runs[i].First <= range.Last; i++)
        {
            if (_runs[i].Overlaps(range))
            {
                yield return new AddressRange(UInt128.Max(_runs[i].First, range.First), UInt128.Min(_runs[i].Last, range.Last));
            }
        }
    }

    /// <summary>Index of the last run that does not begin after an address; -1 for none.</summary>
    private int Find(UInt128 address)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _runs[middle].First <= address ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
