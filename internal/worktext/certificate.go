package worktext

// Certificate is a paper the law asks for before certain work (domain.md §7.4).
// Everything not listed is a preference and never a condition.
type Certificate struct {
	Kind    string // stable slug; what workers' and postings' certificates name
	Name    string // zh
	English string
	Issuer  string // who gives it
	Source  string // the text that requires it
	Query   bool   // not the worker's paper but a query the employer must make
}

var certificates = []Certificate{
	{
		Kind: "electric_operation", Name: "特种作业操作证（电工作业）", English: "Special-operation permit (electrical)",
		Issuer: "应急管理部门", Source: "安全生产法 第30条；特种作业人员安全技术培训考核管理规定",
	},
	{
		Kind: "welding_operation", Name: "特种作业操作证（焊接与热切割）", English: "Special-operation permit (welding)",
		Issuer: "应急管理部门", Source: "安全生产法 第30条；特种作业人员安全技术培训考核管理规定",
	},
	{
		Kind: "height_operation", Name: "特种作业操作证（高处作业）", English: "Special-operation permit (work at height)",
		Issuer: "应急管理部门", Source: "安全生产法 第30条；特种作业人员安全技术培训考核管理规定",
	},
	{
		Kind: "refrigeration_operation", Name: "特种作业操作证（制冷与空调）", English: "Special-operation permit (refrigeration)",
		Issuer: "应急管理部门", Source: "安全生产法 第30条；特种作业人员安全技术培训考核管理规定",
	},
	{
		Kind: "forklift", Name: "特种设备作业人员证（叉车）", English: "Special-equipment operator's permit (forklift)",
		Issuer: "市场监管部门", Source: "特种设备安全法 第14条",
	},
	{
		Kind: "hoisting", Name: "起重司索作业证（特种设备或建筑施工）", English: "Hoisting and slinging permit",
		Issuer: "市场监管部门、住建部门", Source: "特种设备安全法 第14条；建筑施工特种作业人员管理规定",
	},
	{
		Kind: "boiler", Name: "特种设备作业人员证（锅炉）", English: "Special-equipment operator's permit (boiler)",
		Issuer: "市场监管部门", Source: "特种设备安全法 第14条",
	},
	{
		Kind: "elevator", Name: "特种设备作业人员证（电梯）", English: "Special-equipment operator's permit (lift)",
		Issuer: "市场监管部门", Source: "特种设备安全法 第14条",
	},
	{
		Kind: "construction_scaffold", Name: "建筑施工特种作业操作资格证（架子工）", English: "Construction special-operation permit (scaffolder)",
		Issuer: "住建部门", Source: "建筑施工特种作业人员管理规定",
	},
	{
		Kind: "construction_electric", Name: "建筑施工特种作业操作资格证（建筑电工）", English: "Construction special-operation permit (electrician)",
		Issuer: "住建部门", Source: "建筑施工特种作业人员管理规定",
	},
	{
		Kind: "driving_licence", Name: "机动车驾驶证（准驾车型相符）", English: "Driving licence of the class",
		Issuer: "公安交管部门", Source: "道路交通安全法 第19条",
	},
	{
		Kind: "road_transport", Name: "道路运输从业资格证", English: "Road-transport qualification",
		Issuer: "交通运输部门", Source: "道路运输条例 第22条",
	},
	{
		Kind: "ride_hailing", Name: "网络预约出租汽车驾驶员证", English: "Ride-hailing driver's licence",
		Issuer: "交通运输部门", Source: "网络预约出租汽车经营服务管理暂行办法",
	},
	{
		Kind: "agricultural_machine", Name: "拖拉机和联合收割机驾驶证", English: "Farm-machine driving licence",
		Issuer: "农业农村部门", Source: "农业机械安全监督管理条例 第22条",
	},
	{
		Kind: "health", Name: "健康证明（一年内有效）", English: "Food-handler's certificate of the last year",
		Issuer: "体检机构", Source: "食品安全法 第45条",
	},
	{
		Kind: "security_guard", Name: "保安员证", English: "Security guard's certificate",
		Issuer: "公安机关", Source: "保安服务管理条例 第16条",
	},
	{
		Kind: "nursing_licence", Name: "护士或医师执业证书", English: "Nursing or medical licence",
		Issuer: "卫生健康部门", Source: "护士条例；医师法",
	},
	{
		Kind: "minors_record", Name: "密切接触未成年人岗位的违法犯罪记录查询", English: "Record query for work with minors",
		Issuer: "公安机关、检察院", Source: "未成年人保护法 第62条", Query: true,
	},
}

// Certificates lists the kinds of certificate the law requires anywhere. The
// slice is shared.
func Certificates() []Certificate { return certificates }

// CertificateByKind returns one of them.
func CertificateByKind(kind string) (Certificate, bool) {
	for _, c := range certificates {
		if c.Kind == kind {
			return c, true
		}
	}
	return Certificate{}, false
}
