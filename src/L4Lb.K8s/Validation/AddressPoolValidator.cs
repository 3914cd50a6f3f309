using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;

namespace L4Lb.K8s.Validation;

/// <summary>Checks an AddressPool as the API server does by its CRD, and what a CRD cannot say: whether its ranges are ranges.</summary>
internal static class AddressPoolValidator
{
    private const string UsersPath = "spec.serviceAllocation";

    // As in the CRD.
    private const int MaxRanges = 512;
    private const int MaxNamespaces = 256;
    private const int MaxSelectors = 64;

    /// <summary>Checks <paramref name="pool"/> alone; what it has in common with others is found when all are read.</summary>
    public static void Validate(AddressPool pool, FieldErrors errors)
    {
        MetadataValidator.Validate(pool.Metadata, isNamespaced: false, NameRules.Dns1123Subdomain, errors);
        var problems = new List<PoolProblem>();
        PoolRanges.Read(pool, problems);
        foreach (var problem in problems)
        {
            errors.Problem(problem.Path, problem.Message);
        }

        CheckCount("spec.addresses", pool.Addresses.Count, MaxRanges, errors);
        if (pool.Users is { } users)
        {
            ValidateUsers(users, errors);
        }
    }

    private static void ValidateUsers(PoolUsers users, FieldErrors errors)
    {
        if (users.Priority < 0)
        {
            errors.Invalid($"{UsersPath}.priority", users.Priority, "must be greater than or equal to 0; 0 comes last");
        }

        CheckCount($"{UsersPath}.namespaces", users.Namespaces.Count, MaxNamespaces, errors);
        CheckCount($"{UsersPath}.namespaceSelectors", users.NamespaceSelectors.Count, MaxSelectors, errors);
        CheckCount($"{UsersPath}.serviceSelectors", users.ServiceSelectors.Count, MaxSelectors, errors);
        foreach (var (i, name) in users.Namespaces.Index())
        {
            errors.InvalidEach($"{UsersPath}.namespaces[{i}]", name, NameRules.Dns1123Label(name));
        }

        foreach (var (i, selector) in users.NamespaceSelectors.Index())
        {
            ValidateSelector($"{UsersPath}.namespaceSelectors[{i}]", selector, errors);
        }

        foreach (var (i, selector) in users.ServiceSelectors.Index())
        {
            ValidateSelector($"{UsersPath}.serviceSelectors[{i}]", selector, errors);
        }
    }

    private static void CheckCount(string path, int count, int max, FieldErrors errors)
    {
        if (count > max)
        {
            errors.TooMany(path, count, max);
        }
    }

    private static void ValidateSelector(string path, LabelSelector selector, FieldErrors errors)
    {
        foreach (var (key, @operator, values) in selector.Requirements)
        {
            errors.InvalidEach(path, key, NameRules.QualifiedName(key));
            switch (@operator)
            {
                case LabelOperator.Unknown:
                    errors.Invalid(path, key, "not a valid label selector operator; supported values: \"DoesNotExist\", \"Exists\", \"In\", \"NotIn\"");
                    break;
                case LabelOperator.In or LabelOperator.NotIn when values.Count == 0:
                    errors.Required(path, $"values of {key} must be specified when `operator` is 'In' or 'NotIn'");
                    break;
                case LabelOperator.Exists or LabelOperator.DoesNotExist when values.Count > 0:
                    errors.Forbidden(path, $"values of {key} may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    break;
            }

            foreach (var value in values)
            {
                errors.InvalidEach(path, value, NameRules.LabelValue(value));
            }
        }
    }
}
